using System;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Linux;

/// <summary>The start-up gate of this room: the structs that the kernel reads lie as it expects.</summary>
/// <remarks>
/// Errors:  <see cref="Fault"/> states what was expected, what was found and the remedy; the caller then does without.
/// Threads: any; decided once a process.
/// Source:  [STYLE 5]; sizes and offsets of x64 and arm64, which are equal.
/// </remarks>
internal static class LinuxGate
{
    /// <summary>Why this room cannot be used here; null if it can.</summary>
    public static string? Fault { get; } = Check(RuntimeInformation.ProcessArchitecture);

    /// <summary>The decision for a processor; on its own for the tests.</summary>
    internal static string? Check(Architecture architecture)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Expected: Linux. Found: another system. Remedy: none is needed, datagrams are sent one by one.";
        }

        if (architecture is not (Architecture.X64 or Architecture.Arm64) || !BitConverter.IsLittleEndian)
        {
            return $"Expected: x64 or arm64, little-endian. Found: {architecture}. Remedy: none is needed, datagrams are sent one by one.";
        }

        foreach ((string name, int expected, int found) in Layouts())
        {
            if (expected == found) continue;
            return string.Create(CultureInfo.InvariantCulture,
                $"Expected: {name} = {expected}. Found: {found}. Remedy: this build of FcpFast does not fit this runtime, please report it.");
        }

        return null;
    }

    /// <summary>Every size and offset that the kernel relies on, with what this process has.</summary>
    internal static unsafe (string Name, int Expected, int Found)[] Layouts()
    {
        BatchHeader batch = default;
        ControlHeader control = default;
        PollEntry poll = default;
        FilterProgram filter = default;

        // SAFETY: addresses of locals are subtracted, never followed.
        byte* message = (byte*)&batch.Message;
        return
        [
            ("sizeof(struct iovec)", 16, sizeof(IoVector)),
            ("sizeof(struct msghdr)", 56, sizeof(MessageHeader)),
            ("offsetof(msghdr, msg_namelen)", 8, (int)((byte*)&batch.Message.NameBytes - message)),
            ("offsetof(msghdr, msg_iov)", 16, (int)((byte*)&batch.Message.Vectors - message)),
            ("offsetof(msghdr, msg_iovlen)", 24, (int)((byte*)&batch.Message.VectorCount - message)),
            ("offsetof(msghdr, msg_control)", 32, (int)((byte*)&batch.Message.Control - message)),
            ("offsetof(msghdr, msg_controllen)", 40, (int)((byte*)&batch.Message.ControlBytes - message)),
            ("offsetof(msghdr, msg_flags)", 48, (int)((byte*)&batch.Message.Flags - message)),
            ("sizeof(struct mmsghdr)", 64, sizeof(BatchHeader)),
            ("offsetof(mmsghdr, msg_len)", 56, (int)((byte*)&batch.ReceivedBytes - (byte*)&batch)),
            ("sizeof(struct cmsghdr)", 16, sizeof(ControlHeader)),
            ("offsetof(cmsghdr, cmsg_level)", 8, (int)((byte*)&control.Level - (byte*)&control)),
            ("offsetof(cmsghdr, cmsg_type)", 12, (int)((byte*)&control.Type - (byte*)&control)),
            ("sizeof(struct pollfd)", 8, sizeof(PollEntry)),
            ("offsetof(pollfd, revents)", 6, (int)((byte*)&poll.Happened - (byte*)&poll)),
            ("sizeof(struct sock_filter)", 8, sizeof(FilterInstruction)),
            ("sizeof(struct sock_fprog)", 16, sizeof(FilterProgram)),
            ("offsetof(sock_fprog, filter)", 8, (int)((byte*)&filter.Instructions - (byte*)&filter)),
            ("sizeof(struct timespec)", 16, sizeof(TimeSpec)),
            ("sizeof(struct sockaddr_in)", 16, SocketAddressCodec.IPv4Bytes),
            ("sizeof(struct sockaddr_in6)", 28, SocketAddressCodec.IPv6Bytes),
        ];
    }
}
