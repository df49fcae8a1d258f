namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>Ways in which a store or its user gets durability wrong.</summary>
internal enum StoreFault
{
    None = 0,

    /// <summary>Delivery before the ceiling is durable.</summary>
    AnswersBeforeTheFlush,

    /// <summary>A failed flush is retried and believed: the retry says yes, the pages are gone.</summary>
    BelievesAFailedFlush,

    /// <summary>Windows are emptied on restart.</summary>
    RestartsEmpty,

    /// <summary>The epoch fence is taken from the clock alone.</summary>
    FenceByClockAlone,

    /// <summary>A stream of the session peer is restored by its ceilings instead of being closed.</summary>
    ForgetsDirect,

    /// <summary>A kept session's lanes have no ceilings but those that it was first stored with.</summary>
    HasNoCeilings,

    /// <summary>A session's record is stored apart from the first ceilings of its lanes.</summary>
    StoresTheSessionFirst,

    /// <summary>A lane that is retired is taken out of the store.</summary>
    ForgetsRetiredLanes,
}
