using FcpFast.Interop.Libsodium;
using FcpFast.Interop.Memory;
using FcpFast.Interop.Tests.Contracts;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Libsodium;

/// <summary>The seams as the gate binds them: a test that uses libsodium starts here, so that the gate was passed.</summary>
internal static class Bound
{
    public static CryptoProvider Crypto { get; } = LibsodiumGate.Open();
}

/// <summary>The reference engine keeps the contract.</summary>
public sealed class LibsodiumAeadTests : AeadEngineContract
{
    private protected override IAeadEngine Engine => Bound.Crypto.Aead;
}

/// <summary>The test's own engine keeps the contract too, else the contract asks for too much.</summary>
public sealed class ReferenceAeadTests : AeadEngineContract
{
    private protected override IAeadEngine Engine { get; } = new ReferenceAead();
}

/// <summary>The portable MACs keep the contract.</summary>
public sealed class PortableMacTests : MacEngineContract
{
    private protected override IMacEngine Engine => Bound.Crypto.Mac;
}

/// <summary>The MACs that engines are held against at start keep the contract.</summary>
public sealed class LibsodiumMacTests : MacEngineContract
{
    private protected override IMacEngine Engine
    {
        get
        {
            _ = Bound.Crypto;
            return default(LibsodiumMac);
        }
    }
}

/// <summary>libsodium's HKDF and HMAC.</summary>
public sealed class LibsodiumKdfTests : KdfContract
{
    private protected override IKdf Kdf => Bound.Crypto.Kdf;
}

/// <summary>libsodium's X25519.</summary>
public sealed class LibsodiumKeyExchangeTests : KeyExchangeContract
{
    private protected override IKeyExchange KeyExchange => Bound.Crypto.KeyExchange;
}

/// <summary>libsodium's Ed25519.</summary>
public sealed class LibsodiumSignaturesTests : SignaturesContract
{
    private protected override ISignatures Signatures => Bound.Crypto.Signatures;
}

/// <summary>The guarded vault, a new one for each test.</summary>
public sealed class GuardedKeyVaultContractTests : KeyVaultContract
{
    public GuardedKeyVaultContractTests()
    {
        _ = Bound.Crypto;
        Vault = new GuardedKeyVault();
    }

    private protected override IKeyVault Vault { get; }
}
