namespace FcpFast.Interop.Linux;

/// <summary>Numbers of the Linux kernel's interface, equal on x64 and arm64.</summary>
/// <remarks>Source: [Linux asm-generic/socket.h], [Linux linux/udp.h], [Linux asm-generic/errno.h], [Linux poll(2)], [Linux eventfd(2)].</remarks>
internal static unsafe partial class Libc
{
    internal const ushort AF_INET = 2;
    internal const ushort AF_INET6 = 10;

    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEPORT = 15;
    internal const int SO_ATTACH_REUSEPORT_CBPF = 51;
    internal const int SOL_UDP = 17;
    internal const int UDP_SEGMENT = 103;
    internal const int UDP_GRO = 104;

    /// <summary>The segments that every kernel takes in one call; from Linux 6.9 on it is 128.</summary>
    internal const int UDP_MAX_SEGMENTS = 64;

    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_NOSIGNAL = 0x4000;

    internal const short POLLIN = 0x1;
    internal const short POLLOUT = 0x4;
    internal const short POLLERR = 0x8;
    internal const short POLLHUP = 0x10;
    internal const short POLLNVAL = 0x20;

    internal const int EFD_NONBLOCK = 0x800;
    internal const int EFD_CLOEXEC = 0x80000;

    internal const uint SYNC_FILE_RANGE_WAIT_BEFORE = 1;
    internal const uint SYNC_FILE_RANGE_WRITE = 2;
    internal const uint SYNC_FILE_RANGE_WAIT_AFTER = 4;
    internal const int POSIX_FADV_DONTNEED = 4;
    internal const int MADV_DONTNEED = 4;

    internal const int EINTR = 4;
    internal const int EIO = 5;
    internal const int EBADF = 9;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EINVAL = 22;
    internal const int ESPIPE = 29;
    internal const int ENOSYS = 38;
    internal const int EPROTO = 71;
    internal const int EMSGSIZE = 90;
    internal const int EOPNOTSUPP = 95;
    internal const int ENETDOWN = 100;
    internal const int ENETUNREACH = 101;
    internal const int ENOBUFS = 105;
    internal const int ECONNREFUSED = 111;
    internal const int EHOSTDOWN = 112;
    internal const int EHOSTUNREACH = 113;
}
