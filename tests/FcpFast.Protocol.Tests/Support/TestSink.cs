using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>Places for symbols that insist on the contract: reserved, then filled once or released zeroed, and nothing else.</summary>
/// <remarks>Source: [WIRE §17] (a symbol is opened only into an empty slot).</remarks>
internal sealed class TestSink(int bytes = 64 * 1024) : ISymbolSink
{
    private readonly Dictionary<(ZoneIdHash, NodeId, ObjectId), TestObject> _objects = [];
    private readonly List<(TestObject Object, int Esi)> _tokens = [];
    private readonly byte[] _memory = Enumerable.Repeat((byte)0xEE, bytes).ToArray();
    private (ZoneIdHash, NodeId) _entered;
    private int _used;

    internal enum PlaceState
    {
        Empty,
        Reserved,
        Filled,
    }

    public Span<byte> Memory => _memory;

    /// <summary>Places that were given back.</summary>
    public int Released { get; private set; }

    public TestObject Announce(ZoneIdHash zone, NodeId source, ObjectId id, int k = 8, int symbolBytes = 256)
    {
        var added = new TestObject(this, id, k, symbolBytes, _used);
        _used += k * symbolBytes;
        if (_used > _memory.Length) throw new InvalidOperationException("the sink of a test is full");
        _objects.Add((zone, source, id), added);
        return added;
    }

    /// <summary>Withdraws every object.</summary>
    public void Forget()
    {
        _objects.Clear();
        _tokens.Clear();
        _used = 0;
    }

    public void Enter(ZoneIdHash zone, NodeId source) => _entered = (zone, source);

    public FcpStatus Reserve(ObjectId objectId, int symbolBytes, uint esi, ushort k, out SymbolSlot slot)
    {
        slot = default;
        if (!_objects.TryGetValue((_entered.Item1, _entered.Item2, objectId), out TestObject? found)) return FcpStatus.UnknownObject;
        if (symbolBytes != found.SymbolBytes) return FcpStatus.SymbolSizeOutOfRange;
        if (k != found.K) return FcpStatus.InvalidK;
        if (esi >= found.K) return FcpStatus.InvalidEsi;
        if (found.Places[esi] != PlaceState.Empty) return FcpStatus.SlotFilled;
        found.Places[esi] = PlaceState.Reserved;
        slot = new SymbolSlot(_tokens.Count, found.Offset + ((int)esi * symbolBytes));
        _tokens.Add((found, (int)esi));
        return FcpStatus.Accepted;
    }

    public void Fill(SymbolSlot slot) => Leave(slot, PlaceState.Filled);

    public void Release(SymbolSlot slot)
    {
        TestObject left = Leave(slot, PlaceState.Empty);
        Released++;
        if (_memory.AsSpan(slot.Offset, left.SymbolBytes).ContainsAnyExcept((byte)0)) throw new InvalidOperationException("a place was released with something in it");
    }

    /// <summary>True if every place is settled: none is held by a frame that is gone.</summary>
    public bool IsSettled => _objects.Values.All(static known => !known.Places.Contains(PlaceState.Reserved));

    private TestObject Leave(SymbolSlot slot, PlaceState state)
    {
        (TestObject left, int esi) = _tokens[(int)slot.Token];
        if (left.Places[esi] != PlaceState.Reserved) throw new InvalidOperationException($"a place that is {left.Places[esi]} was settled");
        left.Places[esi] = state;
        return left;
    }

    /// <summary>An object in assembly.</summary>
    internal sealed class TestObject(TestSink sink, ObjectId id, int k, int symbolBytes, int offset)
    {
        public int K { get; } = k;

        public int SymbolBytes { get; } = symbolBytes;

        public int Offset { get; } = offset;

        public PlaceState[] Places { get; } = new PlaceState[k];

        public int FilledCount => Places.Count(static place => place == PlaceState.Filled);

        /// <summary>True if exactly these symbols are filled, and with what was sealed.</summary>
        public bool Holds(params int[] esis) => Enumerable.Range(0, K).All(esi => (Places[esi] == PlaceState.Filled) == esis.Contains(esi))
            && esis.All(esi => sink.Memory.Slice(Offset + (esi * SymbolBytes), SymbolBytes).SequenceEqual(FrameDraft.Plaintext(id, (uint)esi, SymbolBytes)));
    }
}
