using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>Session MACs under one fixed key, or under random keys, and of data alike.</summary>
internal sealed class MacSubject<TMac> : LeakSubject
    where TMac : struct, IMacEngine
{
    private const int Batch = 19;
    private const int MessageBytes = 417; // a datagram with a symbol of 256 bytes

    private readonly MacSuite _suite;
    private readonly int _keyBytes;
    private readonly MacItem[] _items = new MacItem[Batch];
    private readonly byte[] _macs = new byte[Batch * CryptoSizes.MacBytes];

    public MacSubject(string engine, MacSuite suite)
        : base($"{engine}: MAC of suite {(int)suite}, key and data", default(TMac).PreparedKeyBytes(suite) + (Batch * MessageBytes))
    {
        _suite = suite;
        _keyBytes = default(TMac).PreparedKeyBytes(suite);
        for (int i = 0; i < Batch; i++) _items[i] = new MacItem(i * MessageBytes, MessageBytes);
    }

    public override void Run() => default(TMac).Compute(_suite, Input[.._keyBytes], Input[_keyBytes..], _items, _macs);

    protected override void Fill(int inputClass, Span<byte> input, Random random)
    {
        byte[] key = BenchData.Make(BenchData.MacKeySeed, CryptoSizes.KeyBytes), data = BenchData.Make(BenchData.MacDataSeed, input.Length - _keyBytes);
        if (inputClass == 1)
        {
            random.NextBytes(key);
            random.NextBytes(data);
        }

        default(TMac).PrepareKey(_suite, key, input[.._keyBytes]);
        data.CopyTo(input[_keyBytes..]);
    }
}
