namespace FcpFast.Transport.Streams;

/// <summary>What a <see cref="StreamPort"/> counts besides the reasons of closing.</summary>
public enum StreamCount
{
    /// <summary>Connections accepted.</summary>
    Accepted,

    /// <summary>Connections made.</summary>
    Connected,

    /// <summary>Connections closed at once because there are too many.</summary>
    RefusedForTotal,

    /// <summary>Connections closed at once because one subscriber has too many on which nothing was proved.</summary>
    RefusedForSubscriber,

    /// <summary>Accepts that failed.</summary>
    AcceptErrors,

    /// <summary>Messages handed to the handler.</summary>
    MessagesReceived,

    /// <summary>Their bytes.</summary>
    BytesReceived,

    /// <summary>Messages taken for sending.</summary>
    MessagesSent,

    /// <summary>Their bytes.</summary>
    BytesSent,
}
