using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Linux;

/// <summary>An eventfd: a counter of the kernel on which a poll can wait.</summary>
/// <remarks>Source: [Linux eventfd(2)].</remarks>
internal sealed class EventDescriptor : SafeHandle
{
    public EventDescriptor()
        : base(-1, ownsHandle: true)
    {
        SetHandle(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC));
        if (IsInvalid)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"No eventfd: error {Marshal.GetLastPInvokeError()}. Remedy: raise the limit of open files of this process."));
        }
    }

    public override bool IsInvalid => handle < 0;

    /// <summary>Makes it readable.</summary>
    public unsafe void Set()
    {
        using var lease = new HandleLease(this);
        ulong one = 1;

        // SAFETY: eight bytes of a local. The only failure is a counter near 2^64, which is readable then.
        _ = Libc.write(lease.Descriptor, &one, sizeof(ulong));
    }

    /// <summary>Makes it unreadable.</summary>
    public unsafe void Reset()
    {
        using var lease = new HandleLease(this);
        ulong count;

        // SAFETY: eight bytes of a local. It fails if the counter is 0, which is what is wanted.
        _ = Libc.read(lease.Descriptor, &count, sizeof(ulong));
    }

    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
