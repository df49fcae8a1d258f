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

/// <summary>The kernels of one width inside each message keep the contract, however large the batch.</summary>
public abstract class MessageAeadContract<TWidth> : AeadEngineContract
    where TWidth : struct, IKernelWidth
{
    protected MessageAeadContract() => Engine = Widths.Require<TWidth, IAeadEngine>(default(MessageAead<TWidth>));

    private protected override IAeadEngine Engine { get; }
}

/// <summary>128 bits.</summary>
public sealed class MessageAead128Tests : MessageAeadContract<Width128>;

/// <summary>256 bits.</summary>
public sealed class MessageAead256Tests : MessageAeadContract<Width256>;

/// <summary>512 bits.</summary>
public sealed class MessageAead512Tests : MessageAeadContract<Width512>;

/// <summary>The engine keeps the contract on all sides of the points where it turns from one way to another.</summary>
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

/// <summary>The MAC kernels of one width keep the contract, however small the batch.</summary>
public abstract class KernelMacContract<TWidth> : MacEngineContract
    where TWidth : struct, IKernelWidth
{
    protected KernelMacContract() => Engine = Widths.Require<TWidth, IMacEngine>(default(KernelMac<TWidth>));

    private protected override IMacEngine Engine { get; }
}

/// <summary>128 bits.</summary>
public sealed class KernelMac128Tests : KernelMacContract<Width128>;

/// <summary>256 bits.</summary>
public sealed class KernelMac256Tests : KernelMacContract<Width256>;

/// <summary>512 bits.</summary>
public sealed class KernelMac512Tests : KernelMacContract<Width512>;

/// <summary>The engine keeps the contract on both sides of the point where it turns to the portable one.</summary>
public sealed class WideMacTests : MacEngineContract
{
    private protected override IMacEngine Engine => Widths.Widest<IMacEngine>(default(WideMac<Width128>), default(WideMac<Width256>), default(WideMac<Width512>));
}
