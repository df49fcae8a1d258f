using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Ids;
using FcpFast.Simulation.Actors;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Fuzz.Targets;

/// <summary>
/// A whole node, with real keys on a virtual clock, between a stranger who sends anything and a member who does what the input says under right MACs and seals.
/// Whatever they do, the node stays up, knows its peer, and takes no number twice.
/// </summary>
/// <remarks>Source: [WIRE §6], [WIRE §7.5], [WIRE §9], [WIRE §16.8], [REPLAY §2.8].</remarks>
internal static class NodeTarget
{
    private const string Zone = "z:work";
    private const int FrameHeadBytes = 114;

    private static readonly SchemaId[] Schemata =
    [
        Schemas.Ping, Schemas.SymbolRequest, Schemas.DecodeStatus, Schemas.SymbolAck, Schemas.Sealed, Schemas.Stream, Schemas.File, Schemas.Segment,
        Schemas.TransferStatus, Schemas.ManifestRequest, Schemas.MlsMessage,
    ];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("node", Course, Seeds) { InputBytesMax = 4096, AllocatedBytesMax = long.MaxValue / 4 },
    ];

    /// <summary>The input is a list of acts: a byte that names it, a byte of length, so many bytes.</summary>
    private static void Course(ReadOnlySpan<byte> input)
    {
        using var solo = new Solo(1);
        var eve = new Actor(solo.World, "eve");
        eve.Connect(solo.Bob);
        solo.Run(0.05);
        long sentBefore = solo.Bob.Core.DatagramsVerified;
        while (input.Length >= 2)
        {
            int bytes = Math.Min(input[1] * (input[0] >= 128 ? 8 : 1), input.Length - 2);
            Act(solo, eve, input[0] & 127, input.Slice(2, bytes));
            input = input[(2 + bytes)..];
            solo.Run(0.001);
        }

        solo.Run(1);
        FuzzFinding.Unless(solo.Bob.IsUp && solo.Bob.Core.DatagramsVerified >= sentBefore, "the node is up");
        FuzzFinding.Unless(solo.Bob.Audit.Repeats == 0, "no number was accepted twice");
        FuzzFinding.Unless(Enum.IsDefined(solo.Bob.Core.StateOf(solo.Carol.Member.Id)), "the link has a state that there is");
    }

    private static void Act(Solo solo, Actor eve, int act, ReadOnlySpan<byte> bytes)
    {
        switch (act % 9)
        {
            case 0:
                eve.SendDatagram(solo.Bob, bytes);
                break;
            case 1:
                eve.Spoof(solo.Carol, solo.Bob, bytes);
                break;
            case 2 when eve.Connection is { } connection:
                connection.Send(act >= 64, bytes.ToArray());
                break;
            case 3 when eve.Connection is null:
                eve.Connect(solo.Bob);
                break;
            case 4: // a frame of the member's, under a right MAC, with anything in it
                byte[] frame = new byte[Math.Max(bytes.Length, FrameHeadBytes)];
                bytes.CopyTo(frame);
                if (act >= 64) "FCPS\u0001\0"u8.CopyTo(frame);
                solo.Carol.SendFrame(frame);
                break;
            case 5 when solo.Carol.Connection is not null: // a control message of the member's, of a schema that there is
                solo.Carol.SendControl(Payload(bytes));
                break;
            case 6 when solo.Carol.Connection is not null: // a body that opens
                solo.Carol.SendBody(Zone, Payload(bytes));
                break;
            case 7:
                solo.Carol.SendProbe(ObjectId.Read(solo.Random.Bytes(ObjectId.Length)), isEcho: act >= 64);
                break;
            case 8:
                solo.Run(bytes.Length);
                break;
        }
    }

    private static byte[] Payload(ReadOnlySpan<byte> bytes)
    {
        byte[] hash = new byte[SchemaHash.Length];
        Schemata[bytes.IsEmpty ? 0 : bytes[0] % Schemata.Length].ComputeHash().Value.Write(hash);
        return [.. hash, .. bytes.IsEmpty ? bytes : bytes[1..]];
    }

    /// <summary>What is accepted elsewhere, said to a node: each message of the seeds of other targets as an act.</summary>
    private static IEnumerable<byte[]> Seeds()
    {
        byte[][] messages = [.. MessageTargets.All.SelectMany(static target => target.Seeds()).Where(static seed => seed.Length is > 20 and < 250)];
        foreach (byte[] message in messages.Where(static (_, i) => i % 16 == 0))
        {
            yield return [2 + 63, (byte)message.Length, .. message, 5, (byte)message.Length, .. message, 6, (byte)message.Length, .. message];
        }

        byte[] frame = new byte[200];
        "FCPS\u0001\0\u0004\u0004"u8.CopyTo(frame);
        yield return [0, 200, .. frame, 4, 200, .. frame, 7, 0, 8, 3, 67, 200, .. frame];
    }
}
