using FcpFast.Control.Tests.Support;
using FcpFast.Interop.Libsodium;
using FcpFast.Mls.Crypto;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tests.Support;

/// <summary>Both suites over real primitives, seeded, with a vault that remembers.</summary>
internal sealed class TestSuite
{
    public TestSuite(int seed = 1, MlsCipherSuite suite = MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519)
    {
        Provider = LibsodiumGate.Open() with { Random = new SeededRandom(seed), Vault = Vault };
        Crypto = new MlsCrypto(suite, Provider);
    }

    public static TheoryData<MlsCipherSuite> Suites =>
        new(MlsCipherSuite.X25519Aes128GcmSha256Ed25519, MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519);

    public RecordingVault Vault { get; } = new();

    public CryptoProvider Provider { get; }

    public MlsCrypto Crypto { get; }

    public static byte[] BytesOf(SecretKey key)
    {
        using KeyLease lease = key.Lease();
        Assert.True(lease.IsLive);
        return lease.Bytes.ToArray();
    }
}
