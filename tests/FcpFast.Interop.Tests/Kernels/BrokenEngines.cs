using System;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>libsodium with one flaw, each of a kind that a kernel could have.</summary>
internal sealed class BrokenAead(string flaw) : IAeadEngine
{
    public int Calls { get; private set; }

    public void Seal(ReadOnlySpan<byte> key, scoped in AeadBatch batch)
    {
        Calls++;
        default(LibsodiumAead).Seal(key, batch);
        if (flaw == "slow")
        {
            for (int i = 0; i < 3; i++) default(LibsodiumAead).Seal(key, batch);
        }

        if (flaw == "throws") throw new InvalidOperationException("a kernel broke");
        if (batch.Items.IsEmpty) return;
        AeadItem last = batch.Items[^1];
        if (flaw == "tag of the last lane" && batch.Items.Length == 17) batch.Output[last.OutputOffset + batch.MessageBytes + 15] ^= 0x80;
        if (flaw == "extended nonces" && batch.Algorithm == AeadAlgorithm.XChaCha20Poly1305) batch.Output[last.OutputOffset] ^= 1;
        if (flaw == "single messages" && batch.Items.Length == 1 && batch.MessageBytes > 0) batch.Output[last.OutputOffset + batch.MessageBytes - 1] ^= 1;
        if (flaw == "partial blocks" && batch.MessageBytes % 64 == 1) batch.Output[last.OutputOffset + batch.MessageBytes - 1] ^= 1;
    }

    public int Open(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened)
    {
        Calls++;
        int count = default(LibsodiumAead).Open(key, batch, opened);
        if (flaw == "slow")
        {
            for (int i = 0; i < 3; i++) default(LibsodiumAead).Open(key, batch, opened);
        }

        if (flaw == "counts" && count < batch.Items.Length) return count + 1;
        for (int i = 0; i < batch.Items.Length; i++)
        {
            if (opened[i]) continue;
            if (flaw == "accepts forgeries") opened[i] = true;
            if (flaw == "leaves plaintext" && batch.MessageBytes > 0) batch.Output[batch.Items[i].OutputOffset] = 1;
        }

        return count;
    }
}

/// <summary>The portable MACs, wrong for messages that end in a block of their own.</summary>
internal sealed class BrokenMac(MacSuite suiteBroken) : IMacEngine
{
    public int PreparedKeyBytes(MacSuite suite) => default(PortableMac).PreparedKeyBytes(suite);

    public void PrepareKey(MacSuite suite, ReadOnlySpan<byte> key, Span<byte> prepared) => default(PortableMac).PrepareKey(suite, key, prepared);

    public void Compute(MacSuite suite, ReadOnlySpan<byte> preparedKey, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        default(PortableMac).Compute(suite, preparedKey, data, items, macs);
        if (suite != suiteBroken) return;
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i].Bytes % 64 == 1) macs[16 * i] ^= 1;
        }
    }
}

/// <summary>Gives the key for every value.</summary>
internal sealed class BrokenBlake3 : IBlake3Engine
{
    public void CompressChunks(ReadOnlySpan<byte> first, ReadOnlySpan<byte> chunks, ReadOnlySpan<uint> key, ulong counter, uint flags, Span<uint> values) => key.CopyTo(values);

    public void CompressParents(ReadOnlySpan<uint> children, ReadOnlySpan<uint> key, uint flags, Span<uint> parents) => key.CopyTo(parents);
}
