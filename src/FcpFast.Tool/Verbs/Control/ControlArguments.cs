using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using FcpFast.Control.Attestations;
using FcpFast.Control.Store;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using PassphraseText = FcpFast.Control.Store.PassphraseFile;

namespace FcpFast.Tool.Verbs.Control;

/// <summary>Arguments that the verbs of the control plane share, each defined once.</summary>
internal static class ControlArguments
{
    public static Argument<string> OwnerFolder() => new("OWNERDIR") { Description = "The owner's state directory ('fcpfast owner create')." };

    public static Argument<string> NodeFolder() => new("NODEDIR") { Description = "The node's state directory ('fcpfast node create')." };

    public static Argument<string> AnyFolder() => new("DIR") { Description = "The state directory of an owner or a node." };

    public static Argument<ZoneId> Zone() => Id<ZoneId>("ZONE", "The zone, such as z:work.", ZoneId.Parse);

    public static Argument<NodeId> Node() => Id<NodeId>("NODE", "The node's id.", NodeId.Parse);

    public static Option<string> Out(string description) => new("--out") { Description = description, Required = true, HelpName = "FILE" };

    public static Option<string> KeyFile() => new("--key-file")
    {
        Description = "The key file of the state directory, if it does not lie in it as store.key.", HelpName = "FILE",
    };

    public static Option<string> PassphraseFile() => new("--passphrase-file")
    {
        Description = "A file whose first line is the passphrase. It is asked for on a terminal if it is needed and left out.", HelpName = "FILE",
    };

    public static Option<string[]> Tags(string description) => new("--tag") { Description = description, HelpName = "tag:NAME" };

    /// <summary>The tags, sorted; refused as a wrong usage if they are none.</summary>
    public static ImmutableArray<string> TagsOf(string[]? tags)
    {
        ImmutableArray<string> sorted = [.. tags ?? []];
        sorted = sorted.Sort(StringComparer.Ordinal);
        return AttestationTags.AreValid(sorted) ? sorted : throw new ToolException(
            $"these are no tags: {string.Join(' ', sorted)}", "give at most 32, each once, as tag: and 1 to 60 of a-z 0-9 . _ : -");
    }

    /// <summary>From what the key of a node's state comes.</summary>
    public static StoreKeySource StateKey(string? keyFile, string? passphraseFile) => passphraseFile is null
        ? new StoreKeySource.KeyFile(keyFile)
        : new StoreKeySource.Passphrase([.. ReadPassphrase(passphraseFile, "")]);

    /// <summary>A passphrase from a file, or from the terminal.</summary>
    public static byte[] ReadPassphrase(string? file, string question)
    {
        if (file is not null) return ReadFile(file);
        if (Console.IsInputRedirected) throw new ToolException("a passphrase is needed", "name a file that holds it, with --passphrase-file");
        Console.Error.Write(question);
        var typed = new List<char>();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key != ConsoleKey.Backspace) typed.Add(key.KeyChar);
            else if (typed.Count > 0) typed.RemoveAt(typed.Count - 1);
        }

        Console.Error.WriteLine();
        byte[] passphrase = Encoding.UTF8.GetBytes([.. typed]);
        return passphrase.Length is > 0 and <= PassphraseText.BytesMax
            ? passphrase
            : throw new ToolException("what was typed is no passphrase", $"type 1 to {PassphraseText.BytesMax} bytes");
    }

    /// <summary>A number of the command line.</summary>
    public static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static byte[] ReadFile(string file)
    {
        try
        {
            return PassphraseText.Read(file);
        }
        catch (StateStoreException e)
        {
            throw new ToolException(e.Message, $"{e.Remedy}, with --passphrase-file", e);
        }
    }

    private static Argument<T> Id<T>(string name, string description, EndpointArguments.TryRead<T> tryRead)
        where T : struct => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            FcpStatus status = tryRead(result.Tokens[0].Value, out T id);
            if (status != FcpStatus.Accepted) result.AddError($"'{result.Tokens[0].Value}' is no {name}: {FcpStatusNames.NameOf(status)}.");
            return id;
        },
    };
}
