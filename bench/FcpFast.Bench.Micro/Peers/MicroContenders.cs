using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Peers;

namespace FcpFast.Bench.Micro.Peers;

/// <summary>Everything that is measured here: what the tool has, and libraries that only a bench may reference.</summary>
internal static class MicroContenders
{
    /// <summary>Adding a library: a class of <see cref="IAeadPeer"/>, and one line here.</summary>
    public static IReadOnlyList<Contender> Peers { get; } =
    [
        Peer("nsec", static key => new NSecPeer(key)),
        Peer("bouncycastle", static key => new BouncyCastlePeer(key)),
    ];

    public static IReadOnlyList<Contender> All { get; } = [.. Contenders.InProcess, .. Peers];

    /// <summary>The contender of a name.</summary>
    public static Contender Find(string name) => All.Single(contender => contender.Name == name);

    private static Contender Peer(string name, Func<byte[], IAeadPeer> create) => new(name, subject =>
    {
        if (subject.Step is not (Steps.Seal or Steps.Open)) return null;
        try
        {
            return new PeerAeadBody(subject, create);
        }
        catch (Exception e) when (e is FileNotFoundException or DllNotFoundException or TypeInitializationException or PlatformNotSupportedException)
        {
            Console.Error.WriteLine($"skipped: {name}: {e.Message}");
            return null;
        }
    });
}
