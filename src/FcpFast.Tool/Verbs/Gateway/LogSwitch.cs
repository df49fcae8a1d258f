using System;
using FcpFast.Hosting.Gateways;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FcpFast.Tool.Verbs.Gateway;

/// <summary>A gateway's log: to stderr, as JSON or text, from a level on that may change while it runs.</summary>
internal sealed class LogSwitch
{
    private volatile LogLevel _least;

    public LogSwitch(LogLevel least) => _least = least;

    /// <summary>The least level that is written.</summary>
    public LogLevel Least
    {
        get => _least;
        set => _least = value;
    }

    /// <summary>Sets logging up. Others than this project's are heard from warnings on, and the host never: why a start failed is told in words.</summary>
    public void Configure(ILoggingBuilder logging, FcpLogFormat format)
    {
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddFilter((category, level) => level >= Least && IsHeard(category ?? "", level));
        bool isText = format == FcpLogFormat.Text || (format == FcpLogFormat.Auto && !Console.IsErrorRedirected);
        if (isText)
        {
            logging.AddSimpleConsole(static options => (options.SingleLine, options.TimestampFormat, options.UseUtcTimestamp) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ ", true));
        }
        else
        {
            logging.AddJsonConsole(static options => (options.TimestampFormat, options.UseUtcTimestamp) = ("yyyy-MM-ddTHH:mm:ss.fffZ", true));
        }

        logging.Services.Configure<ConsoleLoggerOptions>(static options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static bool IsHeard(string category, LogLevel level) =>
        category.StartsWith("FcpFast", StringComparison.Ordinal) || (level >= LogLevel.Warning && !category.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal));
}
