using System.Collections.Generic;
using System.Linq;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Replay;
using FcpFast.Tool.Bench.Bodies;
using FcpFast.Tool.Bench.Groups;
using FcpFast.Tool.Bench.Peers;

namespace FcpFast.Tool.Bench;

/// <summary>Everything that is measured inside this process. A new engine is one line here.</summary>
internal static class Contenders
{
    /// <summary>The engine that ratios are to where the C baseline was not built.</summary>
    public const string Libsodium = "libsodium";

    /// <summary>The name of what has one implementation only, in this repository.</summary>
    public const string Own = "fcpfast";

    private static readonly BenchEngine[] AllEngines =
    [
        new BenchEngine<LibsodiumAead, PortableMac>(Libsodium, isHere: true, static () => new Blake3Hasher()),
        new BenchEngine<WideAead<Width128>, WideMac<Width128>>("wide-128", Width128.IsSupported, static () => new Blake3Hasher(new WideBlake3<Width128>())),
        new BenchEngine<WideAead<Width256>, WideMac<Width256>>("wide-256", Width256.IsSupported, static () => new Blake3Hasher(new WideBlake3<Width256>())),
        new BenchEngine<WideAead<Width512>, WideMac<Width512>>("wide-512", Width512.IsSupported, static () => new Blake3Hasher(new WideBlake3<Width512>())),
    ];

    /// <summary>The engines of the data path that this processor has.</summary>
    public static IReadOnlyList<BenchEngine> Engines { get; } = [.. AllEngines.Where(static engine => engine.IsHere)];

    /// <summary>The engines, what has one implementation only, and the platform's own class.</summary>
    public static IReadOnlyList<Contender> InProcess { get; } =
    [
        new(Own, static subject => subject.Step switch
        {
            Steps.Copy => new CopyBody(subject),
            Steps.Window => new WindowBody(subject),
            Steps.Cbor => new CborBody(),
            Steps.Handshake => new HandshakeBody(),
            Steps.MlsJoin or Steps.MlsCommit or Steps.MlsCommitPath => new GroupBody(subject.Step, GroupBody.MembersOf(subject.Step)),
            _ => null,
        }),
        Window("window-run", ReplayWindow.WidthFramesDefault, WindowOrder.Run),
        Window("window-reordered", ReplayWindow.WidthFramesDefault, WindowOrder.Reordered),
        Window("window-128", 128, WindowOrder.InOrder), Window("window-128-reordered", 128, WindowOrder.Reordered),
        .. Engines.Select(static engine => engine.Contender), DotnetPeer.Contender,
    ];

    /// <summary>The same window of another width, or with numbers that come otherwise.</summary>
    private static Contender Window(string name, int widthFrames, WindowOrder order) => new(
        name, subject => subject is { Step: Steps.Window, Traffic: Traffic.Valid } ? new WindowBody(subject, widthFrames, order) : null);
}
