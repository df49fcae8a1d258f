using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Objects;

/// <summary>Ids of objects.</summary>
public class ObjectIdBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.ObjectId;
}
