using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FcpFast.Hosting.Gateways;

/// <summary>Reads a gateway's configuration: a file of JSON, over it the environment, over that single settings of the command line.</summary>
/// <remarks>
/// Shape:   comments and trailing commas are allowed in the file. In the environment a key is written behind <see cref="EnvironmentPrefix"/>, with
///          two underscores for each colon: <c>FCPFAST__Peers__0__Address</c>. <see cref="Schema"/> describes every key.
/// Errors:  all in one list, with the path of each key; unknown keys are faults.
/// </remarks>
public static class FcpGatewayConfiguration
{
    /// <summary>What settings in the environment begin with.</summary>
    public const string EnvironmentPrefix = "FCPFAST__";

    private const int FileBytesMax = 1024 * 1024;
    private const string SchemaResource = "gateway.schema.json";

    /// <summary>The JSON schema of the file.</summary>
    public static string Schema
    {
        get
        {
            using Stream stream = typeof(FcpGatewayConfiguration).Assembly.GetManifestResourceStream(SchemaResource)!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads everything and validates it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="overrides">Settings of the command line, each as <c>Key=Value</c> or <c>Peers:0:Address=Value</c>.</param>
    /// <param name="faults">Everything that is wrong; the options are not to be used if there is anything in it.</param>
    public static FcpGatewayOptions Load(string file, IReadOnlyList<string> overrides, out IReadOnlyList<string> faults)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentNullException.ThrowIfNull(overrides);
        var unread = new List<string>();
        var builder = new ConfigurationBuilder();
        using MemoryStream? content = Content(file, unread);
        if (content is not null) builder.AddJsonStream(content);
        builder.AddEnvironmentVariables(EnvironmentPrefix);
        KeyValuePair<string, string?>[] settings = [.. overrides.Select(one => Setting(one, unread)).OfType<KeyValuePair<string, string?>>()];
        builder.AddInMemoryCollection(settings.GroupBy(static one => one.Key, StringComparer.OrdinalIgnoreCase).Select(static same => same.Last())); // as everywhere, the last counts
        if (unread.Count > 0 || Build(builder, file, unread) is not { } configuration)
        {
            faults = unread;
            return new FcpGatewayOptions();
        }

        FcpGatewayOptions options = Read(configuration);
        faults = options.Faults();
        return options;
    }

    /// <summary>Reads a configuration; what cannot be read is found by <see cref="FcpGatewayOptions.Faults"/>.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="asked">Where the path of every key goes that was asked for; null for nowhere.</param>
    internal static FcpGatewayOptions Read(IConfiguration configuration, ICollection<string>? asked = null)
    {
        var options = new FcpGatewayOptions();
        var source = new ConfigurationSource(configuration, options.Hosting.Unread, asked);
        source.Text("$schema", null); // for editors
        FcpConfiguration.Read(source, options.Hosting);
        source.Part("Log", options, static (part, into) =>
        {
            into.LogLevel = part.Name("Level", into.LogLevel);
            into.LogFormat = part.Name("Format", into.LogFormat);
            return into;
        });
        options.Serve = source.Read<IPEndPoint?>(nameof(options.Serve), null, "ADDRESS:PORT", IPEndPoint.TryParse);
        options.Otlp = source.Read<Uri?>(nameof(options.Otlp), null, "a URL such as http://127.0.0.1:4318/v1/metrics", static (string text, out Uri? value) =>
            Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https");
        source.End();
        return options;
    }

    private static MemoryStream? Content(string file, List<string> faults)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read);
            if (stream.Length <= FileBytesMax)
            {
                byte[] content = new byte[stream.Length];
                stream.ReadExactly(content);
                return new MemoryStream(content);
            }

            faults.Add($"{file}: {stream.Length} bytes are no configuration; give a file of at most {FileBytesMax}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{file}: it cannot be read: {e.Message}; name a file that this user may read");
        }

        return null;
    }

    private static KeyValuePair<string, string?>? Setting(string text, List<string> faults)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0) return KeyValuePair.Create<string, string?>(text[..equals], text[(equals + 1)..]);
        faults.Add($"'{text}' is no setting; give KEY=VALUE, such as Listen=0.0.0.0:7070");
        return null;
    }

    private static IConfigurationRoot? Build(ConfigurationBuilder builder, string file, List<string> faults)
    {
        try
        {
            return builder.Build();
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException)
        {
            faults.Add($"{file}: it is not JSON as it is expected: {(e.InnerException ?? e).Message}; correct it there");
            return null;
        }
    }
}
