using System;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Mls;

/// <summary>One client of MLS: its identity, its signing key and its rules.</summary>
/// <remarks>Threads: immutable.</remarks>
public sealed class MlsClient
{
    /// <summary>Binds identity and key.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="identity">The content of its basic credential.</param>
    /// <param name="signing">Ed25519 seed; stays the caller's, alive as long as the client.</param>
    /// <param name="policy">The application's rules.</param>
    public MlsClient(MlsCipherSuite suite, CryptoProvider crypto, ReadOnlySpan<byte> identity, SecretKey signing, MlsPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(signing);
        ArgumentNullException.ThrowIfNull(policy);
        if (signing.LengthBytes != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(signing), "an Ed25519 seed is 32 bytes");
        Crypto = new MlsCrypto(suite, crypto);
        Policy = policy;
        Signing = signing;
        Credential = MlsCredential.Basic(identity);
        SignatureKey = Crypto.SignerOf(signing);
    }

    /// <summary>The pre-shared keys at hand; none if null.</summary>
    public IMlsPsks? Psks { get; init; }

    /// <summary>The suite.</summary>
    public MlsCipherSuite Suite => Crypto.Suite;

    internal MlsCrypto Crypto { get; }

    internal MlsPolicy Policy { get; }

    internal SecretKey Signing { get; }

    internal MlsCredential Credential { get; }

    internal byte[] SignatureKey { get; }

    /// <summary>The same client with a renewed identity.</summary>
    public MlsClient WithIdentity(ReadOnlySpan<byte> identity) => new(this, MlsCredential.Basic(identity));

    private MlsClient(MlsClient client, MlsCredential credential)
    {
        Crypto = client.Crypto;
        Policy = client.Policy;
        Signing = client.Signing;
        SignatureKey = client.SignatureKey;
        Psks = client.Psks;
        Credential = credential;
    }

    /// <summary>A leaf of this client, without key and signature.</summary>
    internal LeafNode Template(LeafNodeSource source) => new(
        [], SignatureKey, Credential, new Capabilities([ProtocolVersions.Mls10], [(ushort)Suite], [], [], [CredentialTypes.Basic]), source, 0, 0, [], [], []);
}
