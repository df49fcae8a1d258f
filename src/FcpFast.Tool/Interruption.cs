using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace FcpFast.Tool;

/// <summary>Ctrl-C, SIGTERM and a hang-up as a cancellation: the first asks for an orderly end, the second ends the process at once.</summary>
/// <remarks>Shape: made before anything else, so that no moment is left in which a signal leaves things behind.</remarks>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Take), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Take),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested) return;
        context.Cancel = true;
        _ = _source.CancelAsync();
    }
}
