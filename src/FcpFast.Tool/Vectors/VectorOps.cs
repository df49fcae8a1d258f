using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Vectors.Ops;

namespace FcpFast.Tool.Vectors;

/// <summary>Every op that this tool can judge, by name.</summary>
internal sealed class VectorOps
{
    private readonly Dictionary<string, VectorOp> _ops = [];

    public VectorOps(CryptoProvider crypto)
    {
        HashOps.Add(_ops);
        PrimitiveOps.Add(_ops, crypto);
        CborOps.Add(_ops);
        FrameOps.Add(_ops);
        ObjectOps.Add(_ops);
        SealedBodyOps.Add(_ops, crypto);
        TransferOps.Add(_ops);
        SymbolControlOps.Add(_ops, crypto);
        SymbolOps.Add(_ops, crypto);
        DatagramOps.Add(_ops, crypto);
        HelloOps.Add(_ops, crypto);
        AckOps.Add(_ops, crypto);
        SessionOps.Add(_ops, crypto);
        ReplayOps.Add(_ops);
        FcpcOps.Add(_ops, crypto);
        EpochOps.Add(_ops, crypto);
        SignedFrameOps.Add(_ops);
        HpkeOps.Add(_ops, crypto);
        ManifestOps.Add(_ops, crypto);
        ProfileOps.Add(_ops, crypto);
        AttestationOps.Add(_ops, crypto);
        ControlRecordOps.Add(_ops, crypto);
        GroupRecordOps.Add(_ops, crypto);
    }

    /// <summary>The names of the ops.</summary>
    public IEnumerable<string> Names => _ops.Keys;

    /// <summary>The op of that name; null if this tool does not know it, which is never a pass.</summary>
    public VectorOp? Find(string op) => _ops.GetValueOrDefault(op);
}
