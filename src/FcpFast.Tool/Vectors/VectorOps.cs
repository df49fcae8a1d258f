using System.Collections.Generic;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Vectors.Ops;

namespace FcpFast.Tool.Vectors;

/// <summary>Every op that this tool can judge, by name.</summary>
internal sealed class VectorOps
{
    private readonly Dictionary<string, VectorOp> _ops = [];

    public VectorOps()
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        HashOps.Add(_ops);
        PrimitiveOps.Add(_ops, crypto);
        FrameOps.Add(_ops);
        ObjectOps.Add(_ops);
        SealedBodyOps.Add(_ops, crypto);
        TransferOps.Add(_ops);
        SymbolControlOps.Add(_ops, crypto);
    }

    /// <summary>The op of that name; null if this tool does not know it, which is never a pass.</summary>
    public VectorOp? Find(string op) => _ops.GetValueOrDefault(op);
}
