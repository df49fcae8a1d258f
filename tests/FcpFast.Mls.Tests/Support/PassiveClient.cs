using System;
using System.Linq;
using System.Text.Json;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tests.Support;

/// <summary>The joiner of a vector, with its keys.</summary>
internal sealed class PassiveClient : IDisposable
{
    private readonly TestSuite _suite;
    private readonly SecretKey _seed;
    private readonly MlsClient _client;
    private readonly MlsKeyPackage _package;
    private readonly byte[]? _tree;
    private readonly Welcome _welcome;

    public PassiveClient(JsonElement vector, ulong unixSeconds)
    {
        _suite = new TestSuite(1, (MlsCipherSuite)vector.GetProperty("cipher_suite").GetInt32());
        var policy = new MlsPolicy(new EveryCredential(), new TestClock { UnixSeconds = unixSeconds }) { LifetimeSecondsMax = ulong.MaxValue };
        var psks = new TestPsks();
        if (vector.TryGetProperty("external_psks", out JsonElement external))
        {
            foreach (JsonElement psk in external.EnumerateArray()) psks.Keys[Convert.ToHexString(psk.Hex("psk_id"))] = _suite.Vault.Import(psk.Hex("psk"));
        }

        _seed = _suite.Vault.Import(vector.Hex("signature_priv"));
        var published = (KeyPackage)Decode(vector.Hex("key_package")).Body;
        _client = new MlsClient(_suite.Crypto.Suite, _suite.Provider, published.Leaf.Credential.Content, _seed, policy) { Psks = psks };
        _package = MlsKeyPackage.Restore(
            _client, vector.Hex("key_package"), _suite.Vault.Import(vector.Hex("init_priv")), _suite.Vault.Import(vector.Hex("encryption_priv")))!;
        _tree = vector.HexOrNull("ratchet_tree");
        _welcome = (Welcome)Decode(vector.Hex("welcome")).Body;
    }

    public int LiveSecrets => _suite.Vault.LiveCount;

    public MlsVerdict Join(byte[] welcome, out MlsGroup? group) => MlsGroup.Join(_client, _package, welcome, _tree, null, null, out group);

    /// <summary>True if a Welcome differs from the right one only in entries for other joiners, which this one cannot read.</summary>
    public bool IsEntryOfAnother(byte[] changed)
    {
        var other = (Welcome)Decode(changed).Body;
        byte[] own = _package.Package.Reference(_suite.Crypto);
        byte[] EntryOf(Welcome welcome) => welcome.Secrets.First(entry => entry.NewMember.AsSpan().SequenceEqual(own)).ToBytes();
        return EntryOf(other).AsSpan().SequenceEqual(EntryOf(_welcome)) && other.EncryptedGroupInfo.AsSpan().SequenceEqual(_welcome.EncryptedGroupInfo);
    }

    public void Dispose()
    {
        _package.Dispose();
        _seed.Dispose();
    }

    private static MlsMessage Decode(byte[] bytes)
    {
        Assert.Equal(MlsStatus.Accepted, MlsCodec.Decode(bytes, out MlsMessage message));
        return message;
    }

    private sealed class EveryCredential : IMlsCredentials
    {
        public bool Vouches(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signatureKey) => true;

        public ReadOnlyMemory<byte> ClientOf(ReadOnlyMemory<byte> identity) => identity;
    }
}
