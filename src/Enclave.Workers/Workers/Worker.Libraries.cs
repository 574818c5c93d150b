using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <content>The libraries of a worker that was not forked: it evaluates them itself before it is ready.</content>
internal sealed partial class Worker
{
    private void SendHello()
    {
        WorkerLock plan = _process.Confinement?.Lock(_process.OwnPid) ?? WorkerLock.None;
        if (_process.IsForked)
        {
            _connection.Send((_settings.Setup.Hello(_nonce, plan) with { Rehearses = !IsAwaited }).Write);
            return;
        }

        _connection.Send(_settings.Setup.FirstHello(_nonce, plan).Write);
        if (_settings.Setup.Libraries.Any) _connection.SendShared(_settings.Setup.Libraries.Frames, null);
    }

    /// <summary>The worker reports the library that it cannot evaluate, and is about to end.</summary>
    private void OnLibraryFault(LibraryFaultMessage fault) =>
        Kill(RecycleReason.StartFailed, ErrorCode.LibraryFailed, _settings.Setup.Libraries.Describe(fault));

    private bool IsLibraryFault(WorkerState before, ErrorCode code) =>
        before == WorkerState.Starting && !_process.IsForked && _settings.Setup.BlamesLibraries(code);
}
