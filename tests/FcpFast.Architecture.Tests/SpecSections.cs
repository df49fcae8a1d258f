using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace FcpFast.Architecture.Tests;

/// <summary>The sections of WIRE.md and REPLAY.md, listed here because the specification does not lie in this repository.</summary>
internal static partial class SpecSections
{
    /// <summary>Every section with its title; one that has sections below it may be cited, but its rules stand in those.</summary>
    public static IReadOnlyDictionary<string, (string Number, string Title)[]> All { get; } = new Dictionary<string, (string, string)[]>
    {
        ["WIRE"] =
        [
            ("1", "Conventions"),
            ("2", "Identifiers and hashes"),
            ("2.1", "Canonical identifiers"),
            ("2.2", "Node ids"),
            ("2.3", "ZoneId"),
            ("2.4", "Schema ids"),
            ("2.5", "Object ids"),
            ("2.6", "Key ids"),
            ("2.7", "Signing bytes"),
            ("3", "Canonical CBOR"),
            ("4", "FCPS frame"),
            ("4.1", "Header"),
            ("4.2", "Flags"),
            ("4.3", "Decoding a frame"),
            ("4.4", "Receive policy"),
            ("5", "Symbol AEAD"),
            ("6", "Datagram"),
            ("7", "Handshake"),
            ("7.1", "Shapes"),
            ("7.2", "Decoding"),
            ("7.3", "Transcripts"),
            ("7.4", "Cookie"),
            ("7.5", "Checks"),
            ("7.6", "Keys"),
            ("7.7", "Names of session refusals"),
            ("8", "Session policy"),
            ("9", "FCPC"),
            ("10", "HPKE sealed box"),
            ("11", "ZoneKeyManifest"),
            ("11.1", "Object header"),
            ("11.2", "Fields"),
            ("11.3", "Rekey policy"),
            ("11.4", "Bytes the owner signs"),
            ("11.5", "Accepting a manifest"),
            ("12", "Key ring, rotation, membership"),
            ("12.1", "Ring"),
            ("12.2", "History"),
            ("12.3", "Rotation"),
            ("12.4", "Members"),
            ("13", "Epochs"),
            ("13.1", "Epoch number"),
            ("13.2", "Ratchet off (default)"),
            ("13.3", "Ratchet on"),
            ("14", "ZoneSecurityProfile and MLS"),
            ("15", "NodeKeyAttestation"),
            ("16", "Control-plane messages"),
            ("16.1", "SymbolRequest"),
            ("16.2", "DecodeStatus"),
            ("16.3", "SymbolAck"),
            ("16.4", "Fence"),
            ("16.5", "Bounds"),
            ("16.6", "Handling"),
            ("16.7", "Recognised, not spoken by default"),
            ("16.8", "Zone-sealed bodies"),
            ("16.9", "Transfers"),
            ("17", "Chunked objects"),
            ("18", "RaptorQ"),
            ("19", "Admission control"),
            ("20", "Metrics"),
            ("21", "Error codes"),
            ("22", "Divergences and silences"),
        ],
        ["REPLAY"] =
        [
            ("1", "Words and constants"),
            ("2", "Receiver"),
            ("2.1", "Abstract state of a lane"),
            ("2.2", "Freshness"),
            ("2.3", "Check, verify, commit"),
            ("2.4", "Concrete state"),
            ("2.5", "Lanes in bounded memory"),
            ("2.6", "End of the number space"),
            ("2.7", "Rekey, epochs, zone keys"),
            ("2.8", "Failed verifications"),
            ("2.9", "Relayed frames and several paths: the content window"),
            ("3", "Lane state machine (receiver)"),
            ("4", "Sender"),
            ("4.1", "What must be unique"),
            ("4.2", "One counter per instance, one instance per stream"),
            ("4.3", "Drawing an instance"),
            ("4.4", "Allocation"),
            ("4.5", "Exhaustion"),
            ("5", "Durable state of a node"),
            ("5.1", "What is stored"),
            ("5.2", "Generation record, written at every start"),
            ("5.3", "Writing ahead"),
            ("5.4", "Copies of a running host"),
            ("5.5", "Disk put back to an older state"),
            ("6", "Receiver after a restart"),
            ("6.1", "Mode M0 (default): sessions die with the process"),
            ("6.2", "Mode M1 (optional): sessions survive"),
            ("6.3", "Replayed handshakes"),
            ("7", "FCPC (control plane)"),
            ("8", "Properties to test"),
            ("9", "Where the ideas come from"),
            ("10", "Decisions (ratified)"),
        ],
    };

    /// <summary>Sections that explain and list, and rule nothing.</summary>
    private static readonly string[] Explanations = ["WIRE §22", "REPLAY §9", "REPLAY §10"];

    /// <summary>The sections that hold rules of their own: <c>WIRE §4.3</c> and its title.</summary>
    public static IReadOnlyList<(string Tag, string Title)> WithRules { get; } = All
        .SelectMany(static pair => pair.Value.Select(section => (Tag: $"{pair.Key} §{section.Number}", section.Title)))
        .Where(static section => !All.Any(pair => pair.Value.Any(other => $"{pair.Key} §{other.Number}".StartsWith(section.Tag + ".", StringComparison.Ordinal))))
        .Where(static section => !Explanations.Contains(section.Tag)).ToList();

    /// <summary>True if the tag names a section.</summary>
    public static bool Exists(string tag) => tag.Split(" §") is [string document, string number] && All[document].Any(section => section.Number == number);

    /// <summary>Every tag in a text, with the sections between two tags joined by "to" if they have one parent.</summary>
    public static IEnumerable<string> CitedIn(string text)
    {
        foreach (Match match in Tag().Matches(text))
        {
            string document = match.Groups["document"].Value, from = match.Groups["from"].Value, to = match.Groups["to"].Value;
            yield return $"{document} §{from}";
            if (to.Length == 0) continue;
            yield return $"{document} §{to}";
            if (!from.Contains('.', StringComparison.Ordinal) || Parent(from) != Parent(to)) continue; // "2 to 19" cites nothing in particular
            foreach ((string between, _) in All[document].SkipWhile(section => section.Number != from).TakeWhile(section => section.Number != to))
            {
                yield return $"{document} §{between}";
            }
        }
    }

    private static string Parent(string section) => section.Split('.')[0];

    [GeneratedRegex(@"\[(?<document>WIRE|REPLAY) §(?<from>\d+(\.\d+)*)[^\]]*\](\s+to \[\k<document> §(?<to>\d+(\.\d+)*)[^\]]*\])?")]
    private static partial Regex Tag();
}
