namespace FcpFast.Hosting.Gateways;

/// <summary>How a gateway writes its log.</summary>
public enum FcpLogFormat
{
    /// <summary>Text where stderr is a terminal, else JSON.</summary>
    Auto = 0,

    /// <summary>One object of JSON a line.</summary>
    Json,

    /// <summary>One line of text an event.</summary>
    Text,
}
