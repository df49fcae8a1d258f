namespace FcpFast.Protocol.Objects;

/// <summary>Why no more symbols of an object are wanted.</summary>
/// <remarks>
/// Shape:  text in the message; in the transcript a byte that counts from 0 at <see cref="Complete"/>.
/// Source: [WIRE §16.3].
/// </remarks>
public enum SymbolAckReason : byte
{
    /// <summary>Not chosen; never sent.</summary>
    Unset = 0,

    /// <summary>The object is whole.</summary>
    Complete = 1,

    /// <summary>It is no longer wanted.</summary>
    Canceled = 2,

    /// <summary>There is no room for it.</summary>
    ResourceExhausted = 3,

    /// <summary>What arrived does not make the object.</summary>
    DecodeFailed = 4,
}
