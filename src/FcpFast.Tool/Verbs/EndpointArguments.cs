using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Verbs;

/// <summary>Options that several verbs share, each defined once.</summary>
internal static class EndpointArguments
{
    public static Option<string> State() => new("--state")
    {
        Description = "The node's state folder: identity, attestations, manifests.",
        Required = true,
        HelpName = "DIR",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print the result as one JSON object on the last line of stdout." };

    public static Option<bool> Attended() => new("--attended")
    {
        Description = "For a program that started this one: tell events as lines of JSON on stdout, and end as by Ctrl-C when stdin ends.",
    };

    public static Option<string> Journal() => new("--journal")
    {
        Description = "Append every number that is accepted, opened or sealed to this file (see FrameJournal); for tests that kill this process.",
        HelpName = "FILE",
    };

    public static Option<RelayedReplayRule> RelayedReplay() => new("--relayed-replay")
    {
        Description = "How relayed frames are kept from coming again after a restart: 'ceilings' loses up to 65,536 numbers a stream, "
            + "'epoch-fence' writes once an epoch and loses up to two epochs (600 s).",
        HelpName = "ceilings|epoch-fence",
        CustomParser = static result => result.Tokens[0].Value switch
        {
            "ceilings" => RelayedReplayRule.Ceilings,
            "epoch-fence" => RelayedReplayRule.EpochFence,
            string value => Fail<RelayedReplayRule>(result, $"'{value}' is not 'ceilings' or 'epoch-fence'."),
        },
        DefaultValueFactory = static _ => RelayedReplayRule.Ceilings,
    };

    public static Option<ReplayMode> Mode() => new("--replay-mode")
    {
        Description = "What becomes of sessions when this process ends: 'm0' ends them, 'm1' keeps them over a restart, with their keys in the state folder; "
            + "'m1' needs --witness.",
        HelpName = "m0|m1",
        CustomParser = static result => result.Tokens[0].Value switch
        {
            "m0" => ReplayMode.M0,
            "m1" => ReplayMode.M1,
            string value => Fail<ReplayMode>(result, $"'{value}' is not 'm0' or 'm1'."),
        },
        DefaultValueFactory = static _ => ReplayMode.M0,
    };

    public static Option<string> Witness() => new("--witness")
    {
        Description = "For --replay-mode m1: a file of this node alone, on another file system than --state, so that a disk that is put back is found out. It is made if there is none.",
        HelpName = "FILE",
    };

    public static Option<int> RekeyAfter() => Number(
        "--rekey-after", "SECONDS", "Replace a session by a fresh one when it is so old, or a tenth younger.", 1, 86_400, 86_400);

    public static Option<int> RepeatFor() => Number(
        "--repeat-for", "SECONDS", "Send the same again and again, each time as if it had changed, until so long has passed.", 1, 900);

    /// <summary>The limits of a session of this age; those of frames and bytes stay.</summary>
    public static SequencerLimits Limits(int rekeyAfterSeconds) =>
        SequencerLimits.Default with { SoftTicks = rekeyAfterSeconds * Instant.TicksPerSecond };

    public static Option<OffloadChoice> Offload() => new("--offload")
    {
        Description = "UDP offload, 'on' or 'off': whether runs of datagrams go by one system call. On, where the system can, if left out.",
        HelpName = "on|off",
        CustomParser = static result => result.Tokens[0].Value switch
        {
            "on" => OffloadChoice.Auto,
            "off" => OffloadChoice.Off,
            string value => Fail<OffloadChoice>(result, $"'{value}' is not 'on' or 'off'."),
        },
    };

    public static Option<EngineChoice> Engine() => new("--engine")
    {
        Description = "What seals and opens: 'auto' takes the fastest that agrees with libsodium, 'libsodium' it alone, 'wide' this project's kernels.",
        HelpName = "auto|libsodium|wide",
        CustomParser = static result => result.Tokens[0].Value switch
        {
            "auto" => EngineChoice.Auto,
            "libsodium" => EngineChoice.Libsodium,
            "wide" => EngineChoice.Wide,
            string value => Fail<EngineChoice>(result, $"'{value}' is not 'auto', 'libsodium' or 'wide'."),
        },
        DefaultValueFactory = static _ => EngineChoice.Auto,
    };

    /// <summary>The word of <c>--engine</c> for a choice.</summary>
    public static string WordOf(EngineChoice choice) => choice switch
    {
        EngineChoice.Libsodium => "libsodium",
        EngineChoice.Wide => "wide",
        _ => "auto",
    };

    public static Option<int> Suite() => new("--suite")
    {
        Description = "Offer only this session MAC suite: 1 (HMAC-SHA-256) or 2 (keyed BLAKE3). Both, 2 first, if left out.",
        HelpName = "1|2",
        CustomParser = static result => result.Tokens[0].Value switch
        {
            "1" => 1,
            "2" => 2,
            string value => Fail<int>(result, $"'{value}' is no suite; there are 1 and 2."),
        },
    };

    public static Option<int> Datagram() => Number(
        "--datagram", "BYTES", "The largest datagram to send, in bytes; the path must carry it.",
        WireLimits.DatagramBytesMin, WireLimits.DatagramBytesMax, WireLimits.DatagramBytesDefault);

    /// <summary>A whole number within bounds, which its help tells.</summary>
    public static Option<int> Number(string name, string unit, string description, int least, int most, int? defaultNumber = null)
    {
        var option = new Option<int>(name)
        {
            Description = $"{description} {least} to {most}.",
            HelpName = unit,
            CustomParser = result =>
                int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
                    ? number
                    : Fail<int>(result, $"'{result.Tokens[0].Value}' is not a number from {least} to {most}."),
        };
        if (defaultNumber is { } given) option.DefaultValueFactory = _ => given;
        return option;
    }

    /// <summary>An address such as 192.0.2.1:7070, [2001:db8::1]:7070, host:7070 or host.</summary>
    public static Option<HostAddress?> Address(string name, string description, int portLeast) => new(name)
    {
        Description = description,
        HelpName = "HOST:PORT",
        CustomParser = result => HostAddress.Parse(result.Tokens[0].Value) is { } address && address.Port >= portLeast
            ? address
            : Fail<HostAddress?>(result, $"'{result.Tokens[0].Value}' is no address here; give HOST:PORT, the port from {portLeast} to {ushort.MaxValue}."),
    };

    /// <summary>A size such as 512, 64KiB, 1GiB or 10GB.</summary>
    public static Option<long?> Size(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = static result => ParseSize(result.Tokens[0].Value) ?? Fail<long?>(result, $"'{result.Tokens[0].Value}' is no size; give such as 512MiB."),
    };

    /// <summary>An identifier of the protocol, judged as the protocol judges it.</summary>
    public static Option<T?> Id<T>(string name, string helpName, string description, TryRead<T> tryRead)
        where T : struct => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            FcpStatus status = tryRead(result.Tokens[0].Value, out T id);
            return status == FcpStatus.Accepted ? id : Fail<T?>(result, $"'{result.Tokens[0].Value}' is no {helpName}: {FcpStatusNames.NameOf(status)}.");
        },
    };

    /// <summary>Makes a misspelled option an error where it would be taken for a file or folder.</summary>
    public static void RefuseOptionsAmong(Argument<string[]> paths) => paths.Validators.Add(static result =>
    {
        foreach (Token token in result.Tokens)
        {
            if (token.Value.StartsWith('-')) result.AddError($"Unrecognized option '{token.Value}'; for a path that begins so, write './{token.Value}'.");
        }
    });

    public static MacSuite[] Suites(int suite) => suite == 0 ? [MacSuite.Blake3, MacSuite.HmacSha256] : [(MacSuite)suite];

    internal static long? ParseSize(string text)
    {
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        long? unit = text[digits..] switch
        {
            "" or "B" => 1,
            "KiB" => 1L << 10,
            "MiB" => 1L << 20,
            "GiB" => 1L << 30,
            "TiB" => 1L << 40,
            "KB" or "kB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "TB" => 1_000_000_000_000,
            _ => null,
        };
        bool valid = long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            && unit is not null && count <= (1L << 48) / unit.Value;
        return valid ? count * unit!.Value : null;
    }

    /// <summary>Reads an identifier.</summary>
    internal delegate FcpStatus TryRead<T>(string text, out T id);

    private static T Fail<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default!;
    }
}
