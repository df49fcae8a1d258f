using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Tool.Bench.Frames;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>The id of one object: keyed BLAKE3 of 64 KiB.</summary>
internal sealed class HashBody(Blake3Hasher hasher) : BenchBody
{
    private readonly FrameSecrets _secrets = new(MacSuite.Blake3, default(PortableMac));
    private readonly byte[] _object = BenchData.Make(BenchData.PlaintextSeed, FrameSecrets.ObjectBytes);
    private ObjectId _id;

    public override string Digest => _id.ToString();

    public override void Check()
    {
        Pass();
        ObjectId first = _id;
        _object[^1] ^= 1;
        Pass();
        Require(first != _id, "a changed byte makes another id");
        _object[^1] ^= 1;
        Pass();
        Require(first == _id, "equal bytes make equal ids");
    }

    public override void Pass() => _id = ChunkIds.Compute(hasher, _secrets.ObjectIdKey, _secrets.Zone, _object);
}
