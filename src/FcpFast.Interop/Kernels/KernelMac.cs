using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Kernels;

/// <summary>The session MACs by vector kernels alone, whatever the batch.</summary>
/// <typeparam name="TWidth">The width; the processor must have it.</typeparam>
/// <remarks>
/// Shape:   a prepared key is the key itself; for suite 1 the two states of SHA-256 after the padded keys follow.
/// Units:   messages of suite 2 have at most <see cref="Blake3Macs.MessageBytesMax"/> bytes.
/// Threads: stateless.
/// Cost:    no allocation; about 8 KiB of stack, erased after use.
/// Source:  [WIRE §6], [RFC 2104 §2].
/// </remarks>
internal readonly struct KernelMac<TWidth> : IMacEngine
    where TWidth : struct, IKernelWidth
{
    private const int StatesBytes = 2 * Sha256Pass.StateWords * sizeof(uint);
    private const byte InnerPad = 0x36, OuterPad = 0x5c;

    /// <inheritdoc/>
    public int PreparedKeyBytes(MacSuite suite) => suite == MacSuite.HmacSha256 ? CryptoSizes.KeyBytes + StatesBytes : CryptoSizes.KeyBytes;

    /// <inheritdoc/>
    public void PrepareKey(MacSuite suite, ReadOnlySpan<byte> key, Span<byte> prepared)
    {
        MacBatch.RequireKey(suite, key, prepared, PreparedKeyBytes(suite));
        key.CopyTo(prepared);
        if (suite == MacSuite.HmacSha256) PrepareStates(key, prepared[CryptoSizes.KeyBytes..]);
    }

    /// <inheritdoc/>
    public void Compute(
        MacSuite suite, ReadOnlySpan<byte> preparedKey, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        MacBatch.Require(suite, preparedKey, PreparedKeyBytes(suite), data, items, macs);
        if (items.IsEmpty) return;
        if (suite == MacSuite.Blake3) ComputeBlake3(preparedKey, data, items, macs);
        else ComputeHmac(preparedKey[CryptoSizes.KeyBytes..], data, items, macs);
        StackResidue.Erase();
    }

    private static unsafe void PrepareStates(ReadOnlySpan<byte> key, Span<byte> states)
    {
        // SAFETY: the narrowest kernel has four lanes, of which two count; the arrays are as large.
        unchecked
        {
            HmacSha256Kernel kernel = HmacSha256Kernel.Of128;
            byte* inner = stackalloc byte[Sha256Pass.BlockBytes], outer = stackalloc byte[Sha256Pass.BlockBytes];
            for (int i = 0; i < Sha256Pass.BlockBytes; i++)
            {
                byte own = i < key.Length ? key[i] : (byte)0;
                inner[i] = (byte)(own ^ InnerPad);
                outer[i] = (byte)(own ^ OuterPad);
            }

            byte** blocks = stackalloc byte*[] { inner, outer, outer, outer };
            uint* words = stackalloc uint[4 * Sha256Pass.StateWords];
            kernel.KeyStates(blocks, words);
            new ReadOnlySpan<byte>(words, StatesBytes).CopyTo(states);
            CryptographicOperations.ZeroMemory(new Span<byte>(words, 4 * Sha256Pass.StateWords * sizeof(uint)));
            CryptographicOperations.ZeroMemory(new Span<byte>(inner, Sha256Pass.BlockBytes));
            CryptographicOperations.ZeroMemory(new Span<byte>(outer, Sha256Pass.BlockBytes));
            StackResidue.Erase();
        }
    }

    [SkipLocalsInit] // the run writes each part of its scratch before it reads it
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe void ComputeBlake3(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        foreach (ref readonly MacItem item in items) Invariant.Require(item.Bytes <= Blake3Macs.MessageBytesMax, "a message is not too long");

        // SAFETY: the caller proved key, items and macs; spans are fixed for the block.
        unchecked
        {
            byte* scratch = stackalloc byte[Blake3Macs.ScratchBytes];
            uint* words = stackalloc uint[Blake3Pass.ValueWords];
            Blake3Jobs jobs;
            Unsafe.SkipInit(out jobs);
            for (int i = 0; i < Blake3Pass.ValueWords; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(sizeof(uint) * i)..]);
            fixed (byte* bytes = data, output = macs)
            fixed (MacItem* places = items)
            {
                var run = new Blake3Run(TWidth.Kernels, &jobs, Blake3Macs.Nowhere(scratch), words, Blake3Flags.KeyedHash);
                var messages = new Blake3Macs(run, scratch);
                messages.Compute(bytes, data.Length, places, items.Length, output);
                messages.Erase();
            }

            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<uint>(words, Blake3Pass.ValueWords)));
        }
    }

    [SkipLocalsInit] // as above
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe void ComputeHmac(ReadOnlySpan<byte> states, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs)
    {
        // SAFETY: as above; lanes without a message repeat the last one.
        unchecked
        {
            WidthKernels kernels = TWidth.Kernels;
            uint* words = stackalloc uint[2 * Sha256Pass.StateWords];
            byte* results = stackalloc byte[LaneInputs.LanesMax * CryptoSizes.MacBytes];
            LaneInputs lanes;
            Unsafe.SkipInit(out lanes);
            states.CopyTo(new Span<byte>(words, StatesBytes));
            fixed (byte* bytes = data)
            {
                for (int first = 0; first < items.Length;)
                {
                    int left = items.Length - first;
                    HmacSha256Kernel kernel = left <= kernels.NarrowHmac.Lanes ? kernels.NarrowHmac : kernels.Hmac;
                    int filled = Math.Min(kernel.Lanes, left);
                    for (int lane = 0; lane < kernel.Lanes; lane++)
                    {
                        MacItem item = items[first + Math.Min(lane, filled - 1)];
                        lanes.Inputs[lane] = bytes + item.Offset;
                        lanes.Bytes[lane] = item.Bytes;
                    }

                    kernel.Compute(&lanes, words, results);
                    new ReadOnlySpan<byte>(results, filled * CryptoSizes.MacBytes).CopyTo(macs[(first * CryptoSizes.MacBytes)..]);
                    first += filled;
                }
            }

            CryptographicOperations.ZeroMemory(new Span<byte>(words, StatesBytes));
            CryptographicOperations.ZeroMemory(new Span<byte>(results, LaneInputs.LanesMax * CryptoSizes.MacBytes));
            CryptographicOperations.ZeroMemory(new Span<byte>(&lanes, sizeof(LaneInputs)));
        }
    }
}
