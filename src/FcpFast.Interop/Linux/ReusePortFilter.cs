using System;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;

namespace FcpFast.Interop.Linux;

/// <summary>Steers the datagrams that come to one address among the sockets of several shards, by their first byte.</summary>
/// <remarks>
/// <code>
/// A = datagram[0]                      an empty datagram ends here and goes to socket 0
/// if A in HelloFirst..HelloLast: return 0
/// return A mod shards                  the sockets in the order in which they were bound
/// </code>
/// Shape:   the rule of <see cref="SessionSteering"/>, as a classic BPF program that the kernel runs for each datagram (each run, where it came joined).
///          The kernel's own choice is by address, which would send a peer that roams to a stranger.
/// Source:  [Linux socket(7)] (SO_REUSEPORT, SO_ATTACH_REUSEPORT_CBPF), [Linux linux/filter.h], [Linux linux/bpf_common.h].
/// </remarks>
public static class ReusePortFilter
{
    private const ushort LoadByte = 0x30; // BPF_LD | BPF_B | BPF_ABS
    private const ushort JumpAtLeast = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private const ushort JumpAbove = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    private const ushort Modulo = 0x94; // BPF_ALU | BPF_MOD | BPF_K
    private const ushort ReturnValue = 0x06; // BPF_RET | BPF_K
    private const ushort ReturnA = 0x16; // BPF_RET | BPF_A

    /// <summary>Lets sockets that are bound from now on share the address of one that is bound already, and that nobody else has.</summary>
    /// <returns>Null, or why not: expected, found and the remedy.</returns>
    public static string? Share(SafeSocketHandle socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (LinuxGate.Fault is { } fault) return fault;
        int errno = WriteShared(socket);
        return errno == 0 ? null : Missing("SO_REUSEPORT (Linux 3.9)", errno);
    }

    /// <summary>Attaches the filter to the sockets that share an address, all of them bound.</summary>
    /// <param name="socket">One of them.</param>
    /// <param name="shards">How many there are.</param>
    /// <returns>Null, or why not: expected, found and the remedy.</returns>
    public static string? Attach(SafeSocketHandle socket, int shards)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (shards is < 2 or > SessionSteering.ShardsMax) ThrowHelper.BadArgument(nameof(shards), "2 to 32 shards");
        if (LinuxGate.Fault is { } fault) return fault;
        int errno = WriteFilter(socket, Program(shards));
        return errno == 0 ? null : Missing("SO_ATTACH_REUSEPORT_CBPF (Linux 4.5)", errno);
    }

    /// <summary>The program; on its own for the tests.</summary>
    internal static FilterInstruction[] Program(int shards) =>
    [
        new(LoadByte, 0, 0, 0),
        new(JumpAtLeast, 0, 2, SessionSteering.HelloFirst),
        new(JumpAbove, 1, 0, SessionSteering.HelloLast),
        new(ReturnValue, 0, 0, 0),
        new(Modulo, 0, 0, (uint)shards),
        new(ReturnA, 0, 0, 0),
    ];

    private static string Missing(string option, int errno) => string.Create(CultureInfo.InvariantCulture,
        $"Expected: a kernel with {option}. Found: error {errno}. Remedy: one shard, or a newer kernel.");

    private static unsafe int WriteShared(SafeSocketHandle socket)
    {
        using var lease = new HandleLease(socket);
        int value = 1;

        // SAFETY: a pointer to a local of the length given.
        return Libc.setsockopt(lease.Descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, &value, sizeof(int)) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private static unsafe int WriteFilter(SafeSocketHandle socket, FilterInstruction[] program)
    {
        using var lease = new HandleLease(socket);

        // SAFETY: the program is fixed for the call, in which the kernel copies it; the header is a local of the length given.
        fixed (FilterInstruction* instructions = program)
        {
            var header = new FilterProgram { Count = (ushort)program.Length, Instructions = instructions };
            int result = Libc.setsockopt(lease.Descriptor, Libc.SOL_SOCKET, Libc.SO_ATTACH_REUSEPORT_CBPF, &header, (uint)sizeof(FilterProgram));
            return result == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }
}
