namespace FcpFast.Protocol.Objects;

/// <summary>What a store answers to.</summary>
public enum StoreEventKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><see cref="ITransferStore.Open"/>.</summary>
    Opened,

    /// <summary><see cref="ITransferStore.Inspect"/>.</summary>
    Inspected,

    /// <summary><see cref="ITransferStore.Write"/>.</summary>
    Written,

    /// <summary><see cref="ITransferStore.Finish"/>.</summary>
    Finished,
}
