using System;
using System.Runtime.Intrinsics.X86;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Kernels;

/// <summary>The AEADs by vector kernels: across the messages of a batch as far as they fill the lanes, inside the messages where they do not.</summary>
/// <typeparam name="TWidth">The width; the processor must have it.</typeparam>
/// <remarks>
/// Shape:   which way a message goes depends on length and count alone, by what was measured (README). Where a width of 128 bits is asked for on x64,
///          libsodium takes what does not go across: its own vectors are no slower there.
/// Threads: stateless.
/// Cost:    no allocation; about 12 KiB of stack, erased after use.
/// Source:  [WIRE §5], [RFC 8439 §2.8], [draft-irtf-cfrg-xchacha §2.3].
/// </remarks>
public readonly struct WideAead<TWidth> : IAeadEngine
    where TWidth : struct, IKernelWidth
{
    private const int ShortMessageBytes = 512, LongMessageBytes = 2048, LongerMessageBytes = 4096, LongestMessageBytes = 8192;

    private const int Never = int.MaxValue; // no batch has so many messages

    /// <inheritdoc/>
    public void Seal(ReadOnlySpan<byte> key, scoped in AeadBatch batch)
    {
        int across = Across(batch.Items.Length, batch.MessageBytes), inside = batch.Items.Length - across;
        if (across > 0) default(KernelAead<TWidth>).Seal(key, inside == 0 ? batch : batch.Slice(0, across));
        if (inside == 0 && across > 0) return;
        if (LeavesToLibsodium(inside, batch.MessageBytes)) default(LibsodiumAead).Seal(key, across == 0 ? batch : batch.Slice(across, inside));
        else default(MessageAead<TWidth>).Seal(key, across == 0 ? batch : batch.Slice(across, inside));
    }

    /// <inheritdoc/>
    public int Open(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened)
    {
        if (opened.Length < batch.Items.Length) ThrowHelper.BadArgument(nameof(opened), "one verdict an item");
        int across = Across(batch.Items.Length, batch.MessageBytes), inside = batch.Items.Length - across, count = 0;
        if (across > 0) count = default(KernelAead<TWidth>).Open(key, inside == 0 ? batch : batch.Slice(0, across), opened);
        if (inside == 0 && across > 0) return count;
        return count + (LeavesToLibsodium(inside, batch.MessageBytes)
            ? default(LibsodiumAead).Open(key, batch.Slice(across, inside), opened[across..])
            : default(MessageAead<TWidth>).Open(key, batch.Slice(across, inside), opened[across..]));
    }

    /// <summary>How many messages of a batch go across: whole groups that fill the lanes, and a rest that still fills them well enough.</summary>
    private static int Across(int messages, int messageBytes)
    {
        (int group, int least) = messageBytes switch
        {
            < ShortMessageBytes => (8, 2),
            _ when TWidth.Bits == 128 && Avx2.IsSupported && !Lanes128.RegistersAreMany => (Never, Never),
            < LongMessageBytes => TWidth.Bits == 128 ? (4, 4) : (8, 3),
            _ when TWidth.Bits == 128 => Avx2.IsSupported || !X86Base.IsSupported ? (Never, Never) : (2, 2),
            < LongerMessageBytes => (4, 3),
            < LongestMessageBytes => (4, 4),
            _ => (Never, Never),
        };
        int rest = messages % group;
        return rest < least ? messages - rest : messages;
    }

    /// <summary>
    /// Where libsodium was measured to be no slower than a message's own lanes: at 128 bits on x64, for nothing but associated data, and for one
    /// message of 8 to 15 blocks where AVX2 is all there is, whose eight lanes the MAC key then needs once more.
    /// </summary>
    private static bool LeavesToLibsodium(int messages, int messageBytes) =>
        X86Base.IsSupported && (TWidth.Bits == 128 || messageBytes == 0 || (!Lanes256.RegistersAreMany && messages == 1 && messageBytes is > 448 and < 1024));
}
