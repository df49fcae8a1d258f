using System;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>Answers to handshake datagrams that wait for the socket.</summary>
/// <remarks>
/// Shape:   a ring of fixed size; what does not fit is dropped, as the network might have done.
/// Threads: the shard's thread.
/// Cost:    no allocation, whatever comes in.
/// </remarks>
internal sealed class AnswerQueue
{
    private const int AnswersMax = 64;
    private const int AnswerBytesMax = WireLimits.DatagramBytesDefault;

    private readonly byte[] _bytes = new byte[AnswersMax * AnswerBytesMax];
    private readonly (NetAddress To, int Bytes)[] _answers = new (NetAddress, int)[AnswersMax];
    private int _first;
    private int _count;

    public void Add(NetAddress to, ReadOnlySpan<byte> answer)
    {
        if (_count == AnswersMax || answer.Length > AnswerBytesMax) return;
        int at = (_first + _count) % AnswersMax;
        answer.CopyTo(_bytes.AsSpan(at * AnswerBytesMax));
        _answers[at] = (to, answer.Length);
        _count++;
    }

    /// <summary>Drops what waits.</summary>
    public void Clear() => _count = 0;

    /// <summary>Copies the oldest answer and returns its length; 0 if there is none.</summary>
    public int Take(Span<byte> destination, out NetAddress to)
    {
        to = default;
        if (_count == 0) return 0;
        (to, int bytes) = _answers[_first];
        _bytes.AsSpan(_first * AnswerBytesMax, bytes).CopyTo(destination);
        _first = (_first + 1) % AnswersMax;
        _count--;
        return bytes;
    }
}
