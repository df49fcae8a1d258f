using System;
using System.Runtime.InteropServices;

namespace FcpFast.Interop.Linux;

/// <summary>A descriptor that stays open for the length of a call, whoever closes its handle meanwhile.</summary>
/// <remarks>
/// Errors: <see cref="ObjectDisposedException"/> if the handle is closed already.
/// Cost:   two interlocked operations, once a system call.
/// </remarks>
internal readonly ref struct HandleLease : IDisposable
{
    private readonly SafeHandle _handle;
    private readonly bool _held;

    public HandleLease(SafeHandle handle)
    {
        _handle = handle;
        handle.DangerousAddRef(ref _held);
    }

    public int Descriptor => (int)_handle.DangerousGetHandle();

    public void Dispose()
    {
        if (_held) _handle.DangerousRelease();
    }
}
