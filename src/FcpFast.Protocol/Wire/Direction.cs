namespace FcpFast.Protocol.Wire;

/// <summary>Which end of the session sends.</summary>
/// <remarks>Source: [WIRE §6], [REPLAY §7] (D6). The values are the bytes on the wire.</remarks>
public enum Direction : byte
{
    /// <summary>From the initiator to the responder.</summary>
    InitiatorToResponder = 0,

    /// <summary>From the responder to the initiator.</summary>
    ResponderToInitiator = 1,
}
