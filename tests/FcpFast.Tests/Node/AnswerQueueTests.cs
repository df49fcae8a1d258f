using System;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tests.Node;

/// <summary>[WIRE §7.4], [WIRE §19]: answers to strangers wait in a ring of fixed size.</summary>
public sealed class AnswerQueueTests
{
    private readonly AnswerQueue _queue = new();
    private readonly byte[] _taken = new byte[2_000];

    [Fact]
    public void Queue_RandomUse_IsFirstInFirstOut()
    {
        var random = new Random(1);
        var model = new System.Collections.Generic.Queue<(NetAddress To, byte[] Answer)>();
        for (int step = 0; step < 5_000; step++)
        {
            if (random.Next(2) == 0)
            {
                byte[] answer = new byte[random.Next(1, 1_300)];
                random.NextBytes(answer);
                NetAddress to = Links.Address(random.Next(60_000));
                _queue.Add(to, answer);
                if (answer.Length <= 1_200 && model.Count < 64) model.Enqueue((to, answer)); // what does not fit is dropped
            }
            else
            {
                int bytes = _queue.Take(_taken, out NetAddress to);
                (NetAddress To, byte[] Answer) expected = model.Count > 0 ? model.Dequeue() : (default, []);
                Assert.Equal(expected.Answer, _taken[..bytes]);
                Assert.Equal(expected.To, to);
            }
        }
    }

    [Fact]
    public void Add_FloodOfAnswers_KeepsTheFirstAndTakesNoMemory()
    {
        byte[] answer = new byte[1_200];
        _queue.Add(Links.Address(0), answer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < 100_000; i++) _queue.Add(Links.Address(i & 0x7FFF), answer);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        NetAddress[] kept = [.. Enumerable.Range(0, 65).Select(_ => _queue.Take(_taken, out NetAddress to) > 0 ? to : default)];
        Assert.Equal(Enumerable.Range(0, 64).Select(static i => Links.Address(i)), kept[..64]);
        Assert.Equal(default, kept[64]);
    }
}
