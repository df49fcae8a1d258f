using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace FcpFast.Tool;

/// <summary>Ctrl-C, SIGTERM and a hang-up as a cancellation: the first asks for an orderly end, the second ends the process at once.</summary>
/// <remarks>
/// Shape:   made before anything else, so that no moment is left in which a signal leaves things behind. Signals are the process's, and so is what a
///          verb makes of them (<see cref="Serve"/>).
/// </remarks>
internal sealed class Interruption : IDisposable
{
    private static volatile Action? s_hangUp;
    private static volatile bool s_isService;

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

    /// <summary>From now on this process is a service: a hang-up asks for something else than its end, and a second signal ends it with an exit code of its own.</summary>
    public static void Serve(Action hangUp)
    {
        s_hangUp = hangUp;
        s_isService = true;
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        if (context.Signal == PosixSignal.SIGHUP && s_hangUp is { } hangUp)
        {
            context.Cancel = true;
            hangUp();
            return;
        }

        if (_source.IsCancellationRequested)
        {
            if (s_isService) Environment.Exit(ExitCodes.CutShort);
            return;
        }

        context.Cancel = true;
        _ = _source.CancelAsync();
    }
}
