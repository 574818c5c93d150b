using System.Runtime.InteropServices;

namespace Enclave.Cli.Commands;

/// <summary>Handles Ctrl-C and similar signals: the first one ends the work, the second one the process.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _code;

    public Interrupt() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, (signal) => Ask(signal, 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, (signal) => Ask(signal, 15)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, (signal) => Ask(signal, 1)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _asked.Token;

    /// <summary>130 for Ctrl-C.</summary>
    public int ExitCode => Volatile.Read(ref _code);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _asked.Dispose();
    }

    private void Ask(PosixSignalContext signal, int number)
    {
        signal.Cancel = true;
        int code = Commands.ExitCode.Signal + number;
        if (Interlocked.CompareExchange(ref _code, code, 0) == 0) _ = _asked.CancelAsync();
        else Environment.Exit(code);
    }
}
