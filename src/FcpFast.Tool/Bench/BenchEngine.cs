using System;
using System.Net;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Tool.Bench.Bodies;
using FcpFast.Tool.Bench.Leaks;
using FcpFast.Tool.Bench.Load;
using FcpFast.Tool.Bench.Siege;

namespace FcpFast.Tool.Bench;

/// <summary>An engine of the data path, whose types are put into everything that is measured.</summary>
/// <param name="name">As rows carry it.</param>
/// <param name="isHere">True if this processor has it.</param>
internal abstract class BenchEngine(string name, bool isHere)
{
    /// <summary>True if this processor has it.</summary>
    public bool IsHere { get; } = isHere;

    /// <summary>As rows carry it.</summary>
    public string Name { get; } = name;

    /// <summary>The engine among the contenders.</summary>
    public Contender Contender => new(Name, Prepare);

    /// <summary>Makes a body for a case; null for a step that engines have no part in.</summary>
    public abstract BenchBody? Prepare(BenchCase subject);

    /// <summary>The sending end of a load.</summary>
    public abstract ILoadEnd NewSender(LoadPlan plan, IPEndPoint to);

    /// <summary>The receiving end of a load.</summary>
    public abstract LoadReceiver NewReceiver(LoadPlan plan);

    /// <summary>The end of a load that sends frames which nobody has sealed.</summary>
    public abstract ILoadEnd NewForger(LoadPlan plan, IPEndPoint to);

    /// <summary>Makes a slab of forged frames to be refused, or to compute the MACs of and nothing else.</summary>
    public abstract BenchBody NewForgery(MacSuite suite, int payloadBytes, bool isMacAlone);

    /// <summary>The seams, with this engine in them.</summary>
    public abstract CryptoProvider Bind(CryptoProvider crypto);

    /// <summary>A node's core on this engine.</summary>
    public abstract INodeCore NewCore(NodeParts parts, NodeOptions options, Instant now);

    /// <summary>What its timing must not tell.</summary>
    public abstract LeakSubject[] LeakSubjects();
}

/// <summary>The same with its types.</summary>
/// <param name="name">As rows carry it.</param>
/// <param name="isHere">True if this processor has it.</param>
/// <param name="newHasher">Makes the hasher that goes with it.</param>
internal sealed class BenchEngine<TAead, TMac>(string name, bool isHere, Func<Blake3Hasher> newHasher) : BenchEngine(name, isHere)
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    public override BenchBody? Prepare(BenchCase subject) => subject.Step switch
    {
        Steps.Seal => new SealBody<TAead>(subject),
        Steps.Open => new OpenBody<TAead>(subject),
        Steps.Mac => new MacBody<TMac>(subject),
        Steps.SealFrames => new SealFramesBody<TAead, TMac>(subject),
        Steps.VerifyFrames or Steps.OpenFrames => new ReceiveBody<TAead, TMac>(subject),
        Steps.Memory => new MemoryBody<TAead, TMac>(subject),
        Steps.ObjectId => new HashBody(newHasher()),
        _ => null,
    };

    public override ILoadEnd NewSender(LoadPlan plan, IPEndPoint to) => new LoadSender<TAead, TMac>(plan, to, newHasher());

    public override LoadReceiver NewReceiver(LoadPlan plan) =>
        new(plan, plan.IsObjects ? new ObjectTarget<TAead, TMac>(plan, newHasher()) : new FrameTarget<TAead, TMac>(plan));

    public override ILoadEnd NewForger(LoadPlan plan, IPEndPoint to) => new LoadForger<TAead, TMac>(plan, to);

    public override BenchBody NewForgery(MacSuite suite, int payloadBytes, bool isMacAlone) => new ForgeryBody<TAead, TMac>(suite, payloadBytes, isMacAlone);

    public override CryptoProvider Bind(CryptoProvider crypto) => crypto with { Aead = default(TAead), Mac = default(TMac) };

    public override INodeCore NewCore(NodeParts parts, NodeOptions options, Instant now) => new NodeCore<TAead, TMac>(parts, options, now);

    public override LeakSubject[] LeakSubjects() =>
    [
        new SealSubject<TAead>(Name, AeadShape.Batch), new OpenSubject<TAead>(Name, AeadShape.Batch), new ForgedTagSubject<TAead>(Name, AeadShape.Batch),
        new SealSubject<TAead>(Name, AeadShape.Single), new OpenSubject<TAead>(Name, AeadShape.Single), new ForgedTagSubject<TAead>(Name, AeadShape.Single),
        new MacSubject<TMac>(Name, MacSuite.HmacSha256), new MacSubject<TMac>(Name, MacSuite.Blake3),
    ];
}
