using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>A sender that uses the product's sequencer and instances as it should, and the ways of using them wrongly.</summary>
/// <remarks>Source: [REPLAY §4.2], [REPLAY §4.3], [REPLAY §4.4], [REPLAY §8].</remarks>
internal static class SenderMutants
{
    /// <summary>Every mutant with the name of its fault; the first is named by REPLAY §8.</summary>
    public static IReadOnlyList<(string Name, Func<SenderModelTests.ISender> Make)> All { get; } =
    [
        ("two frames of one instance under one number", static () => new RepairsUnderTheOldNumber()),
        ("a number is spent when its frame went out", static () => new SpendsAfterwards()),
        ("a counter a session under a shared instance", static () => new CountsPerSession()),
        ("a start goes on with the instance of the last one", static () => new KeepsInstanceOverStarts()),
        ("a stream's successor keeps its instance", static () => new KeepsInstanceOverStreams()),
        ("one number is taken for a batch", static () => new TakesOneForABatch()),
    ];

    /// <summary>The sender as it should be.</summary>
    internal class Plain : SenderModelTests.ISender
    {
        private static readonly ZoneKeyId Key = new(new Bytes8(7));
        private static readonly SequencerLimits Limits = new(40, ulong.MaxValue, long.MaxValue);

        private readonly TestCrypto _crypto = new() { IsRandomStuck = true }; // what tells instances apart is the generation and the count alone
        private readonly byte[] _secret = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];
        private ulong _generation;
        private InstanceSource _instances = null!;

        public Plain() => Start();

        protected Sequencer Stream { get; private set; } = null!;

        public virtual (ulong Instance, ulong First) Seal(int count, int session, bool fails)
        {
            FrameSeq first;
            while (Stream.Take(TakenOf(count), 0, default, out first) != FcpStatus.Accepted) Renew();
            return (Stream.Instance.Value, first.Value);
        }

        public virtual (ulong Instance, ulong First) SealAgain(ulong instance, ulong number, int session) => Seal(1, session, fails: false);

        public virtual void Renew()
        {
            Assert.Equal(FcpStatus.Accepted, _instances.Draw(Key, out SenderInstanceId instance));
            Stream = new Sequencer(instance, Limits, default);
        }

        public virtual void Restart() => Start();

        protected virtual int TakenOf(int count) => count;

        protected void Reuse(SenderInstanceId instance) => Stream = new Sequencer(instance, Limits, default);

        private void Start()
        {
            _instances = new InstanceSource(_crypto.Provider, _crypto.Vault.Import(_secret), ++_generation, "boot", "");
            Renew();
        }
    }

    private sealed class RepairsUnderTheOldNumber : Plain
    {
        public override (ulong Instance, ulong First) SealAgain(ulong instance, ulong number, int session) => (instance, number);
    }

    private sealed class SpendsAfterwards : Plain
    {
        public override (ulong Instance, ulong First) Seal(int count, int session, bool fails) =>
            fails ? (Stream.Instance.Value, Stream.Next.Value) : base.Seal(count, session, fails);
    }

    private sealed class CountsPerSession : Plain
    {
        private readonly ulong[] _next = [1, 1, 1];

        public override (ulong Instance, ulong First) Seal(int count, int session, bool fails)
        {
            ulong first = _next[session];
            _next[session] += (ulong)count;
            return (1, first);
        }
    }

    private sealed class KeepsInstanceOverStarts : Plain
    {
        public override void Restart() => Reuse(Stream.Instance);
    }

    private sealed class KeepsInstanceOverStreams : Plain
    {
        public override void Renew()
        {
            if (Stream is null) base.Renew();
            else Reuse(Stream.Instance);
        }
    }

    private sealed class TakesOneForABatch : Plain
    {
        protected override int TakenOf(int count) => 1;
    }
}
