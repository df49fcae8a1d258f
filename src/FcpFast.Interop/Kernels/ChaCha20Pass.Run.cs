using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FcpFast.Interop.Kernels;

/// <summary>A pass over blocks of one message, and the message's block 0 beside it.</summary>
internal static unsafe partial class ChaCha20Pass
{
    /// <summary>Bytes of a state as one message has it: sixteen words.</summary>
    public const int MessageStateBytes = StateWords * sizeof(uint);

    private static Vector128<uint> Constants => Vector128.Create(0x61707865u, 0x3320646e, 0x79622d32, 0x6b206574);

    /// <summary>Writes the words of a message's state: constants, a key of 32 bytes, a counter, a nonce of three words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetMessageState(uint* state, uint* key, uint counter, uint nonce0, uint nonce1, uint nonce2)
    {
        // SAFETY: the caller vouches for both.
        unchecked
        {
            Vector128<uint>* rows = (Vector128<uint>*)state;
            rows[0] = Constants;
            rows[1] = ((Vector128<uint>*)key)[0];
            rows[2] = ((Vector128<uint>*)key)[1];
            rows[3] = Vector128.Create(counter, nonce0, nonce1, nonce2);
        }
    }

    /// <summary>Combines blocks that lie one behind the other with their key stream.</summary>
    /// <param name="state">The first block's state, as one message has it.</param>
    /// <param name="input">The first block.</param>
    /// <param name="step">Bytes from one block of input to the next: those of a block, or 0 where all are the same one.</param>
    /// <param name="output">Where they go, side by side; the input's memory or apart from it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CombineRun<TLanes, T>(uint* state, byte* input, nint step, byte* output)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        Alone nothing = default;
        CombineRun<TLanes, T, Alone>(state, input, step, output, ref nothing);
    }

    /// <summary>The same, and the bare key stream of block 0: beside it at an eighth of its cost where registers are many, else after it.</summary>
    /// <param name="state">As above.</param>
    /// <param name="input">As above.</param>
    /// <param name="step">As above.</param>
    /// <param name="output">As above.</param>
    /// <param name="first">64 bytes for block 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CombineRunAndFirst<TLanes, T>(uint* state, byte* input, nint step, byte* output, byte* first)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: sixteen words of state, and 64 bytes for the block.
        unchecked
        {
            Vector128<uint>* rows = (Vector128<uint>*)state;
            Vector128<uint> last = rows[3].WithElement(0, 0u);
            LoneBlock block = new(rows[0], rows[1], rows[2], last);
            if (TLanes.RegistersAreMany)
            {
                CombineRun<TLanes, T, LoneBlock>(state, input, step, output, ref block);
            }
            else
            {
                CombineRun<TLanes, T>(state, input, step, output);
                block.Rounds();
            }

            block.Finish(rows[0], rows[1], rows[2], last, (Vector128<uint>*)first);
        }
    }

    /// <summary>HChaCha20 of one nonce: from a key and 16 bytes to a key.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">16 bytes.</param>
    /// <param name="subkey">32 bytes; not the key's.</param>
    /// <remarks>Source: [draft-irtf-cfrg-xchacha §2.2].</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DeriveSubkey(byte* key, byte* nonce, byte* subkey)
    {
        // SAFETY: as said.
        unchecked
        {
            Vector128<uint>* keys = (Vector128<uint>*)key;
            LoneBlock block = new(Constants, keys[0], keys[1], *(Vector128<uint>*)nonce);
            block.Rounds();
            block.GetEnds((Vector128<uint>*)subkey);
        }
    }

    [SkipLocalsInit] // what is kept is written before it is fetched
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)] // the compiler's budget grows with the method that it starts from
    private static void CombineRun<TLanes, T, TBeside>(uint* state, byte* input, nint step, byte* output, ref TBeside beside)
        where TLanes : ILanes<T>
        where T : unmanaged
        where TBeside : struct, IBeside
    {
        // SAFETY: the caller vouches for as many blocks as there are lanes; every index is a constant. LaneNumbers is static data, which does not move.
        unchecked
        {
            T* kept = stackalloc T[4];
            TBeside along = beside; // so that it can be in registers
            T numbers = *(T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(LaneNumbers));
            T x0 = TLanes.Broadcast32(state[0]);
            T x1 = TLanes.Broadcast32(state[1]);
            T x2 = TLanes.Broadcast32(state[2]);
            T x3 = TLanes.Broadcast32(state[3]);
            T x4 = TLanes.Broadcast32(state[4]);
            T x5 = TLanes.Broadcast32(state[5]);
            T x6 = TLanes.Broadcast32(state[6]);
            T x7 = TLanes.Broadcast32(state[7]);
            T x8 = TLanes.Broadcast32(state[8]);
            T x9 = TLanes.Broadcast32(state[9]);
            T x10 = TLanes.Broadcast32(state[10]);
            T x11 = TLanes.Broadcast32(state[11]);
            T x12 = TLanes.Add32(TLanes.Broadcast32(state[CounterRow]), numbers);
            T x13 = TLanes.Broadcast32(state[13]);
            T x14 = TLanes.Broadcast32(state[14]);
            T x15 = TLanes.Broadcast32(state[15]);
            Rounds<TLanes, T, TBeside>(
                kept, ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, ref x8, ref x9, ref x10, ref x11, ref x12, ref x13, ref x14,
                ref x15, ref along);
            beside = along;
            x0 = TLanes.Add32(x0, TLanes.Broadcast32(state[0]));
            x1 = TLanes.Add32(x1, TLanes.Broadcast32(state[1]));
            x2 = TLanes.Add32(x2, TLanes.Broadcast32(state[2]));
            x3 = TLanes.Add32(x3, TLanes.Broadcast32(state[3]));
            x4 = TLanes.Add32(x4, TLanes.Broadcast32(state[4]));
            x5 = TLanes.Add32(x5, TLanes.Broadcast32(state[5]));
            x6 = TLanes.Add32(x6, TLanes.Broadcast32(state[6]));
            x7 = TLanes.Add32(x7, TLanes.Broadcast32(state[7]));
            x8 = TLanes.Add32(x8, TLanes.Broadcast32(state[8]));
            x9 = TLanes.Add32(x9, TLanes.Broadcast32(state[9]));
            x10 = TLanes.Add32(x10, TLanes.Broadcast32(state[10]));
            x11 = TLanes.Add32(x11, TLanes.Broadcast32(state[11]));
            x12 = TLanes.Add32(x12, TLanes.Add32(TLanes.Broadcast32(state[CounterRow]), numbers));
            x13 = TLanes.Add32(x13, TLanes.Broadcast32(state[13]));
            x14 = TLanes.Add32(x14, TLanes.Broadcast32(state[14]));
            x15 = TLanes.Add32(x15, TLanes.Broadcast32(state[15]));
            LaneBlocks.Transpose<TLanes, T>(ref x0, ref x1, ref x2, ref x3);
            LaneBlocks.Transpose<TLanes, T>(ref x4, ref x5, ref x6, ref x7);
            LaneBlocks.Transpose<TLanes, T>(ref x8, ref x9, ref x10, ref x11);
            LaneBlocks.Transpose<TLanes, T>(ref x12, ref x13, ref x14, ref x15);
            CombineEveryFourth<TLanes, T>(x0, x4, x8, x12, input, step, output);
            CombineEveryFourth<TLanes, T>(x1, x5, x9, x13, input + step, step, output + BlockBytes);
            CombineEveryFourth<TLanes, T>(x2, x6, x10, x14, input + (2 * step), step, output + (2 * BlockBytes));
            CombineEveryFourth<TLanes, T>(x3, x7, x11, x15, input + (3 * step), step, output + (3 * BlockBytes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CombineEveryFourth<TLanes, T>(T a, T b, T c, T d, byte* input, nint step, byte* output)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        TLanes.TransposeGroups(ref a, ref b, ref c, ref d);
        CombinePart<TLanes, T>(a, 0, input, step, output);
        CombinePart<TLanes, T>(b, 1, input, step, output);
        CombinePart<TLanes, T>(c, 2, input, step, output);
        CombinePart<TLanes, T>(d, 3, input, step, output);
    }

    /// <summary>The part of its lane's block that a vector of four takes, as <see cref="LaneBlocks"/> cuts it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CombinePart<TLanes, T>(T keyStream, int part, byte* input, nint step, byte* output)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: lane 4 (part mod g) of 4 g, and 16 g (part / g) of 64 bytes, for parts 0 to 3.
        unchecked
        {
            int lane = 4 * (part % TLanes.Groups), at = 16 * TLanes.Groups * (part / TLanes.Groups);
            *(T*)(output + (lane * BlockBytes) + at) = TLanes.Xor(*(T*)(input + (lane * step) + at), keyStream);
        }
    }

    /// <summary>What goes along with a pass, a double round at a time.</summary>
    private interface IBeside
    {
        /// <summary>Two rounds: columns, then diagonals.</summary>
        void DoubleRound();
    }

    /// <summary>Nothing goes along.</summary>
    private struct Alone : IBeside
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void DoubleRound()
        {
            // The pass is all there is.
        }
    }

    /// <summary>One block: a row of its state a vector.</summary>
    private struct LoneBlock(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d) : IBeside
    {
        private Vector128<uint> _a = a;
        private Vector128<uint> _b = b;
        private Vector128<uint> _c = c;
        private Vector128<uint> _d = d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void DoubleRound()
        {
            Vector128<uint> a = _a, b = _b, c = _c, d = _d;
            Round(ref a, ref b, ref c, ref d);
            b = Vector128.Shuffle(b, Vector128.Create(1u, 2, 3, 0)); // diagonals become columns
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(3u, 0, 1, 2));
            Round(ref a, ref b, ref c, ref d);
            _a = a;
            _b = Vector128.Shuffle(b, Vector128.Create(3u, 0, 1, 2));
            _c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            _d = Vector128.Shuffle(d, Vector128.Create(1u, 2, 3, 0));
        }

        /// <summary>All rounds of it alone.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Rounds()
        {
            for (int i = 0; i < DoubleRounds; i++) DoubleRound();
        }

        /// <summary>Adds the rows that it began with, and writes it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Finish(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d, Vector128<uint>* block)
        {
            // SAFETY: the caller vouches for 64 bytes.
            unchecked
            {
                block[0] = _a + a;
                block[1] = _b + b;
                block[2] = _c + c;
                block[3] = _d + d;
            }
        }

        /// <summary>Writes the first and the last row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void GetEnds(Vector128<uint>* rows)
        {
            // SAFETY: the caller vouches for 32 bytes.
            unchecked
            {
                rows[0] = _a;
                rows[1] = _d;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Round(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d)
        {
            a += b;
            d = Lanes128.RotateLeft16(d ^ a);
            c += d;
            b = Lanes128.RotateLeft32(b ^ c, 12);
            a += b;
            d = Lanes128.RotateLeft8(d ^ a);
            c += d;
            b = Lanes128.RotateLeft32(b ^ c, 7);
        }
    }
}
