using FcpFast.Interop.Kernels;
using FcpFast.Interop.Tests.Contracts;
using FcpFast.Interop.Tests.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>The kernels of one width keep the contract, however small the batch.</summary>
public abstract class KernelAeadContract<TWidth> : AeadEngineContract
    where TWidth : struct, IKernelWidth
{
    protected KernelAeadContract() => Engine = Widths.Require<TWidth, IAeadEngine>(default(KernelAead<TWidth>));

    private protected override IAeadEngine Engine { get; }
}

/// <summary>128 bits.</summary>
public sealed class KernelAead128Tests : KernelAeadContract<Width128>;

/// <summary>256 bits.</summary>
public sealed class KernelAead256Tests : KernelAeadContract<Width256>;

/// <summary>512 bits.</summary>
public sealed class KernelAead512Tests : KernelAeadContract<Width512>;

/// <summary>The engine keeps the contract on both sides of the point where it turns to libsodium.</summary>
public sealed class WideAeadTests : AeadEngineContract
{
    private protected override IAeadEngine Engine
    {
        get
        {
            _ = Bound.Crypto;
            return Widths.Widest<IAeadEngine>(default(WideAead<Width128>), default(WideAead<Width256>), default(WideAead<Width512>));
        }
    }
}
