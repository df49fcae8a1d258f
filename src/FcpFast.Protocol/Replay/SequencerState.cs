namespace FcpFast.Protocol.Replay;

/// <summary>The states of a sealing stream.</summary>
/// <remarks>Source: [REPLAY §4.5].</remarks>
public enum SequencerState
{
    /// <summary>No number was taken yet.</summary>
    Fresh = 0,

    /// <summary>Numbers are handed out.</summary>
    Sending,

    /// <summary>A soft limit was reached: a successor is wanted, numbers are still handed out.</summary>
    Rekeying,

    /// <summary>The successor is up: this one sends nothing more.</summary>
    Retired,

    /// <summary>A hard limit, or a signal that this process may have a twin: nothing is ever handed out again.</summary>
    Stopped,
}
