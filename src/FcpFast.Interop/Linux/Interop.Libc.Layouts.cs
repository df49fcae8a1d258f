using System.Runtime.InteropServices;

namespace FcpFast.Interop.Linux;

/// <summary>struct iovec: one piece of memory.</summary>
/// <remarks>
/// <code>
/// offset size field
///      0    8 base
///      8    8 length
/// </code>
/// Source: [Linux uapi/linux/uio.h].
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint LengthBytes;
}

/// <summary>struct msghdr.</summary>
/// <remarks>
/// <code>
/// offset size field             offset size field
///      0    8 name                  32    8 control
///      8    4 namelen (then 4)      40    8 controllen
///     16    8 iov                   48    4 flags (then 4)
///     24    8 iovlen
/// </code>
/// Source: [Linux linux/socket.h]; musl's narrower fields lie at the same places and are padded.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public byte* Name;
    public uint NameBytes;
    public IoVector* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlBytes;
    public int Flags;
}

/// <summary>struct mmsghdr: a message header (56 bytes), then the bytes that were received (u32 at 56); 64 in all.</summary>
/// <remarks>Source: [Linux recvmmsg(2)].</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct BatchHeader
{
    public MessageHeader Message;
    public uint ReceivedBytes;
}

/// <summary>struct cmsghdr: length with this header (u64), level (i32), type (i32); the data follows, padded to eight.</summary>
/// <remarks>Source: [Linux cmsg(3)].</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    public nuint LengthBytes;
    public int Level;
    public int Type;
}

/// <summary>struct sock_filter: code (u16), jump if true and if false (u8 each), operand (u32); eight bytes.</summary>
/// <remarks>Source: [Linux uapi/linux/filter.h].</remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand);

/// <summary>struct sock_fprog: count (u16, then 6), pointer to the instructions (u64 at 8).</summary>
/// <remarks>Source: [Linux uapi/linux/filter.h].</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FilterProgram
{
    public ushort Count;
    public FilterInstruction* Instructions;
}

/// <summary>struct pollfd.</summary>
/// <remarks>Source: [Linux poll(2)].</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Wanted;
    public short Happened;
}

/// <summary>struct timespec of the 64-bit systems.</summary>
/// <remarks>Source: [Linux ppoll(2)].</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;
}
