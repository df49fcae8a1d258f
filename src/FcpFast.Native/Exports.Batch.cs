using System;
using System.Runtime.InteropServices;
using FcpFast.Interop.Foreign;
using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Native;

/// <summary>Keys, and batches that are sealed and opened with them.</summary>
internal static partial class Exports
{
    private const int ItemsAtOnce = 64;
    private const ulong SpanBytesMax = int.MaxValue;

    private static readonly Lazy<(CryptoProvider Crypto, EngineSelection Engines)> Engine = new(static () => (LibsodiumGate.Open(), EngineSelection.Choose(EngineChoice.Auto)));

    [UnmanagedCallersOnly(EntryPoint = "fcp_engine")]
    public static int EngineName(nint text, nuint capacity) => Call.Run(() => Call.CopyText(Engine.Value.Engines.AeadName, text, capacity, 0));

    [UnmanagedCallersOnly(EntryPoint = "fcp_key_create")]
    public static int CreateKey(uint algorithm, nint key, nint handle) => Call.Run(() =>
    {
        if (algorithm is not ((uint)AeadAlgorithm.ChaCha20Poly1305 or (uint)AeadAlgorithm.XChaCha20Poly1305)) return Call.Refuse(FcpResult.InvalidArgument, "algorithm: there are 1 and 2");
        if (handle == 0 || !ForeignMemory.TryRead(key, CryptoSizes.KeyBytes, out ReadOnlySpan<byte> bytes)) return Call.Refuse(FcpResult.InvalidArgument, "key and out: not null");
        return Give(handle, new BatchKey((AeadAlgorithm)algorithm, Engine.Value.Crypto.Vault.Import(bytes)));
    });

    [UnmanagedCallersOnly(EntryPoint = "fcp_key_destroy")]
    public static int DestroyKey(ulong key) => Release<BatchKey>(key, "key", static held => held.Secret.Dispose());

    [UnmanagedCallersOnly(EntryPoint = "fcp_seal")]
    public static int Seal(ulong key, nint batch) => RunBatch(key, batch, 0, 0, isSealing: true);

    [UnmanagedCallersOnly(EntryPoint = "fcp_open")]
    public static int Open(ulong key, nint batch, nint opened, nint openedCount) => RunBatch(key, batch, opened, openedCount, isSealing: false);

    /// <summary>Without a closure: nothing is allocated a batch.</summary>
    private static int RunBatch(ulong key, nint batch, nint opened, nint openedCount, bool isSealing)
    {
        try
        {
            if (!HandleTable.TryGet(key, out BatchKey? held)) return (int)Call.Refuse(FcpResult.BadHandle, "no such key");
            if (!ForeignMemory.TryGet(batch, out BatchLayout layout)) return (int)Call.Refuse(FcpResult.InvalidArgument, "batch: not null");
            return (int)RunBatch(held, layout, opened, openedCount, isSealing);
        }
#pragma warning disable CA1031 // an exception that reached C would end its process
        catch (Exception e)
        {
            return (int)Call.Refuse(FcpResult.NotDone, e.Message);
        }
#pragma warning restore CA1031
    }

    private static FcpResult RunBatch(BatchKey key, in BatchLayout layout, nint openedFlags, nint openedCount, bool isSealing)
    {
        if (layout.MessageBytes > SpanBytesMax || layout.Count > SpanBytesMax || layout.AssociatedBytes > SpanBytesMax)
        {
            return Call.Refuse(FcpResult.InvalidArgument, "batch: message_bytes, associated_bytes and count are below 2 GiB");
        }

        nuint tag = CryptoSizes.TagBytes, inputBytes = layout.MessageBytes + (isSealing ? 0 : tag), outputBytes = layout.MessageBytes + (isSealing ? tag : 0);
        bool areLengthsRight = (layout.Count <= 1 || (layout.InputStride >= inputBytes && layout.OutputStride >= outputBytes))
            && IsSpan(layout.Count, layout.InputStride, inputBytes) && IsSpan(layout.Count, layout.OutputStride, outputBytes);
        if (!areLengthsRight) return Call.Refuse(FcpResult.InvalidArgument, "batch: a stride is shorter than its message, or it is longer than 2 GiB in all");
        int nonceBytes = CryptoSizes.NonceBytes(key.Algorithm), count = (int)layout.Count;
        bool areBytesThere = ForeignMemory.TryRead(layout.Input, Extent(layout.Count, layout.InputStride, inputBytes), out ReadOnlySpan<byte> input)
            & ForeignMemory.TryWrite(layout.Output, Extent(layout.Count, layout.OutputStride, outputBytes), out Span<byte> output)
            & ForeignMemory.TryRead(layout.Nonces, layout.Count * (nuint)nonceBytes, out ReadOnlySpan<byte> nonces)
            & ForeignMemory.TryRead(layout.Associated, layout.Count * layout.AssociatedBytes, out ReadOnlySpan<byte> associated)
            & ForeignMemory.TryWrite(openedFlags, openedFlags == 0 ? 0 : layout.Count, out Span<byte> flags);
        if (!areBytesThere) return Call.Refuse(FcpResult.InvalidArgument, "batch: a pointer is null, or its bytes are more than 2 GiB");
        if (input.Overlaps(output, out int offset) && (offset != 0 || layout.InputStride != layout.OutputStride))
        {
            return Call.Refuse(FcpResult.InvalidArgument, "batch: input and output overlap; they may be the same, with the same stride");
        }

        using KeyLease lease = key.Secret.Lease();
        if (!lease.IsLive) return Call.Refuse(FcpResult.BadHandle, "the key was destroyed");
        IAeadEngine engine = Engine.Value.Engines.Aead;
        Span<AeadItem> items = stackalloc AeadItem[ItemsAtOnce];
        Span<bool> opened = stackalloc bool[ItemsAtOnce];
        int openedAll = 0, adBytes = (int)layout.AssociatedBytes;
        for (int first = 0; first < count; first += ItemsAtOnce)
        {
            int run = Math.Min(ItemsAtOnce, count - first);
            for (int i = 0; i < run; i++) items[i] = new AeadItem((first + i) * (int)layout.InputStride, (first + i) * (int)layout.OutputStride);
            var batch = new AeadBatch(
                key.Algorithm, input, output, items[..run], (int)layout.MessageBytes, nonces.Slice(first * nonceBytes, run * nonceBytes), associated.Slice(first * adBytes, run * adBytes),
                adBytes, isSealing);
            if (isSealing)
            {
                engine.Seal(lease.Bytes, batch);
                continue;
            }

            openedAll += engine.Open(lease.Bytes, batch, opened[..run]);
            for (int i = 0; i < run && !flags.IsEmpty; i++) flags[first + i] = opened[i] ? (byte)1 : (byte)0;
        }

        if (isSealing) return FcpResult.Ok;
        ForeignMemory.TrySet(openedCount, (nuint)openedAll);
        return openedAll == count ? FcpResult.Ok : Call.Refuse(FcpResult.NotAuthentic, "a message did not verify; what it held is zeroed");
    }

    private static nuint Extent(nuint count, nuint stride, nuint bytes) => count == 0 ? 0 : ((count - 1) * stride) + bytes;

    private static bool IsSpan(nuint count, nuint stride, nuint bytes) => count == 0 || (UInt128)(count - 1) * stride + bytes <= SpanBytesMax;

    private sealed record BatchKey(AeadAlgorithm Algorithm, SecretKey Secret);
}
