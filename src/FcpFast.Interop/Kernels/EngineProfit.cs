using System;
using System.Diagnostics;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>A short measurement of what an AEAD engine gains over another one on this processor.</summary>
/// <remarks>
/// Shape:   both seal and open the same batch in turns, and the shortest time of each counts: whatever else the machine does only adds.
/// Cost:    about two milliseconds.
/// Threads: stateless.
/// </remarks>
internal static class EngineProfit
{
    /// <summary>An engine that gains less is not worth its place.</summary>
    public const double Least = 1.1;

    private const int Messages = 16, MessageBytes = 1024, AssociatedBytes = 86, SlotBytes = 1200, Turns = 25;

    /// <summary>How many times as fast the engine is.</summary>
    public static double Of(IAeadEngine engine, IAeadEngine reference)
    {
        byte[] key = new byte[CryptoSizes.KeyBytes], memory = new byte[Messages * SlotBytes], opened = new byte[memory.Length];
        byte[] nonces = new byte[Messages * CryptoSizes.ChaChaNonceBytes], associated = new byte[Messages * AssociatedBytes];
        var items = new AeadItem[Messages];
        for (int i = 0; i < items.Length; i++) items[i] = new AeadItem(i * SlotBytes, i * SlotBytes);
        bool[] verdicts = new bool[Messages];
        long best = long.MaxValue, bestOfReference = long.MaxValue;
        for (int turn = 0; turn < Turns; turn++)
        {
            best = Math.Min(best, Time(engine));
            bestOfReference = Math.Min(bestOfReference, Time(reference));
        }

        return (double)bestOfReference / Math.Max(1, best);

        long Time(IAeadEngine timed)
        {
            long start = Stopwatch.GetTimestamp();
            timed.Seal(key, new AeadBatch(
                AeadAlgorithm.ChaCha20Poly1305, opened, memory, items, MessageBytes, nonces, associated, AssociatedBytes, sealing: true));
            timed.Open(
                key, new AeadBatch(
                    AeadAlgorithm.ChaCha20Poly1305, memory, opened, items, MessageBytes, nonces, associated, AssociatedBytes, sealing: false), verdicts);
            return Stopwatch.GetTimestamp() - start;
        }
    }
}
