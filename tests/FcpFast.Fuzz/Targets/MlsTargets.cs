using System;
using System.Collections.Generic;
using FcpFast.Fuzz.Corpora;
using FcpFast.Mls;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;

namespace FcpFast.Fuzz.Targets;

/// <summary>Every structure of MLS that comes from outside: what decodes encodes to the same bytes.</summary>
/// <remarks>Source: [RFC 9420 §2.1], [RFC 9420 §6], [RFC 9420 §12.4.3.3].</remarks>
internal static class MlsTargets
{
    private static readonly Action<ReadOnlySpan<byte>>[] Structures =
    [
        Once<MlsMessage>, Once<RatchetTree>, Once<Proposal>, Once<Commit>, Once<GroupSecrets>, Once<GroupInfo>,
        Once<AuthenticatedContent>, Once<LeafNode>, Once<KeyPackage>, Once<Welcome>, Once<ParentNode>, Once<GroupContext>,
    ];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("mls", Structure, MlsSeeds.Structures) { AllocatedPerInputByte = 512 },
    ];

    /// <summary>The number of the structure that reads these bytes.</summary>
    public static byte NumberOf<T>() => (byte)Array.FindIndex(Structures, static read => read.Method.GetGenericArguments()[0] == typeof(T));

    /// <summary>The first byte tells which structure the rest is read as.</summary>
    private static void Structure(ReadOnlySpan<byte> input)
    {
        if (!input.IsEmpty) Structures[input[0] % Structures.Length](input[1..]);
    }

    private static void Once<T>(ReadOnlySpan<byte> bytes)
        where T : IMlsStruct<T>
    {
        if (MlsCodec.Decode(bytes, out T value) != MlsStatus.Accepted) return;
        byte[] again = value.ToBytes();
        FuzzFinding.Unless(bytes.SequenceEqual(again), $"a {typeof(T).Name} that is accepted is written as {Convert.ToHexString(again)}, not as it came");
    }
}
