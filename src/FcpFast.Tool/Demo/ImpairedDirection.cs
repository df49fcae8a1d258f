using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Demo;

/// <summary>One direction of an impaired path: decides what becomes of each datagram, and counts it.</summary>
/// <remarks>
/// Shape:  lost, or passed once or twice; each copy may be changed, and may wait until a number of later ones have passed.
/// Threads: one user at a time.
/// </remarks>
internal sealed class ImpairedDirection(Impairment impairment, int seed)
{
    private readonly Random _random = new(seed);
    private readonly SortedDictionary<long, List<byte[]>> _waiting = [];
    private long _position;
    private long _received;
    private long _lost;
    private long _corrupted;
    private long _reordered;
    private long _intactFirst;
    private long _intactAgain;

    /// <summary>Copies that wait for others to pass.</summary>
    public int WaitingCount { get; private set; }

    /// <summary>Takes a datagram; what is due now is passed on.</summary>
    public void Take(ReadOnlySpan<byte> datagram, Action<byte[]> pass)
    {
        _position++;
        _received++;
        if (_random.NextDouble() < impairment.Loss) _lost++;
        else TakeCopies(datagram, pass);
        PassDue(_position, pass);
    }

    /// <summary>Passes on everything that waits: nothing comes that could overtake it.</summary>
    public void Flush(Action<byte[]> pass) => PassDue(long.MaxValue, pass);

    /// <summary>What was done.</summary>
    public JsonObject Report() => new()
    {
        ["received"] = _received,
        ["lost"] = _lost,
        ["intact"] = _intactFirst,
        ["intact_again"] = _intactAgain,
        ["corrupted"] = _corrupted,
        ["reordered"] = _reordered,
    };

    private void TakeCopies(ReadOnlySpan<byte> datagram, Action<byte[]> pass)
    {
        int copies = _random.NextDouble() < impairment.Duplicate ? 2 : 1;
        bool isFirst = true;
        for (int i = 0; i < copies; i++)
        {
            byte[] copy = datagram.ToArray();
            if (_random.NextDouble() < impairment.Corrupt)
            {
                copy[_random.Next(copy.Length)] ^= (byte)_random.Next(1, 256);
                _corrupted++;
            }
            else if (isFirst)
            {
                isFirst = false;
                _intactFirst++;
            }
            else
            {
                _intactAgain++;
            }

            if (_random.NextDouble() < impairment.Reorder) Hold(copy);
            else pass(copy);
        }
    }

    private void Hold(byte[] copy)
    {
        long due = _position + _random.Next(1, impairment.ReorderPositions + 1);
        if (!_waiting.TryGetValue(due, out List<byte[]>? together)) _waiting[due] = together = [];
        together.Add(copy);
        WaitingCount++;
        _reordered++;
    }

    private void PassDue(long position, Action<byte[]> pass)
    {
        while (_waiting.Count > 0)
        {
            using SortedDictionary<long, List<byte[]>>.Enumerator first = _waiting.GetEnumerator();
            first.MoveNext();
            (long due, List<byte[]> together) = first.Current;
            if (due > position) return;
            foreach (byte[] copy in together) pass(copy);
            WaitingCount -= together.Count;
            _waiting.Remove(due);
        }
    }
}
