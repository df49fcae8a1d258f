using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Streams;

/// <summary>Bounds of a <see cref="StreamPort"/>.</summary>
public sealed record StreamOptions
{
    private const int OutboundBytesLimit = 1 << 30;

    /// <summary>Connections in all, accepted and made; an accepted one above this is closed at once.</summary>
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>
    /// Accepted connections from one subscriber (<see cref="NetAddress.Subscriber"/>) on which nothing was proved yet; one above this is closed at once.
    /// Proven ones do not count: a fleet behind one address has as many as it has nodes.
    /// </summary>
    public int ConnectionsPerSubscriberMax { get; init; } = 16;

    /// <summary>Accepted connections that the system keeps until they are taken.</summary>
    public int Backlog { get; init; } = 128;

    /// <summary>The longest ciphertext of a control frame; above, the connection is closed. [WIRE §9] C4</summary>
    public int ControlBytesMax { get; init; } = FcpcHeader.CiphertextBytesMax;

    /// <summary>The same for accepted connections on which nothing was proved yet: what a stranger may make this node keep.</summary>
    public int UnprovenControlBytesMax { get; init; } = 16 * 1024;

    /// <summary>Memory for messages of proven connections, until they are disposed; when it is used up, reading waits.</summary>
    public long BudgetBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The same for all other connections, so that strangers cannot take it from the proven ones.</summary>
    public long UnprovenBudgetBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Messages waiting to be sent on one connection; above, it is closed.</summary>
    public int OutboundMessagesMax { get; init; } = 256;

    /// <summary>Bytes waiting to be sent on one connection; above, it is closed.</summary>
    public int OutboundBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long making a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an accepted connection may take for its first message.</summary>
    public TimeSpan FirstMessageTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an accepted connection may last without <see cref="StreamConnection.MarkProven"/>.</summary>
    public TimeSpan ProofTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a message may take from its first byte to its last.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the other side may take none of what is sent to it.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal void Require()
    {
        Check(ConnectionsMax >= 1 && ConnectionsPerSubscriberMax >= 1 && Backlog >= 1, nameof(ConnectionsMax), "at least one connection");
        Check(ControlBytesMax is >= 0 and <= FcpcHeader.CiphertextBytesMax, nameof(ControlBytesMax), "0 to 4 MiB");
        Check(UnprovenControlBytesMax >= 0 && UnprovenControlBytesMax <= ControlBytesMax, nameof(UnprovenControlBytesMax), "0 to ControlBytesMax");
        Check(BudgetBytes >= LargestMessage(ControlBytesMax), nameof(BudgetBytes), "the largest message, as a power of two");
        Check(UnprovenBudgetBytes >= LargestMessage(UnprovenControlBytesMax), nameof(UnprovenBudgetBytes), "the largest message, as a power of two");
        Check(OutboundMessagesMax >= 1, nameof(OutboundMessagesMax), "room for one message");
        Check(OutboundBytesMax is >= 1 and <= OutboundBytesLimit, nameof(OutboundBytesMax), "1 byte to 1 GiB");
        foreach (TimeSpan timeout in new[] { ConnectTimeout, FirstMessageTimeout, ProofTimeout, MessageTimeout, SendTimeout })
        {
            Check(timeout > TimeSpan.Zero && timeout <= TimeSpan.FromDays(1), nameof(timeout), "more than nothing, at most a day");
        }
    }

    private static void Check(bool holds, string option, string rule)
    {
        if (!holds) ThrowHelper.BadArgument(option, rule);
    }

    private static int LargestMessage(int controlBytes) => StreamMessage.BudgetBytes(
        Math.Max(controlBytes + FcpcHeader.OverheadBytes, CborLimits.HandshakeBytesMax));
}
