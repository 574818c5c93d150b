using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <content>The libraries that it evaluates before it is ready.</content>
internal sealed partial class Worker
{
    /// <summary>Making the checkpoint takes the memory of libraries twice more for a moment: its copy, and what is kept back for a reset.</summary>
    private WorkerLock LockAround(WorkerLock plan) => plan with { DataBytes = plan.DataBytes + (2 * _settings.Libraries.HeldBytes) };

    private void SendLibraries()
    {
        if (_settings.Libraries.Any) _connection.SendShared(_settings.Libraries.Frames);
    }

    /// <summary>It tells which library it cannot evaluate, and is about to end.</summary>
    private void OnLibraryFault(LibraryFaultMessage fault)
    {
        if (fault.Index >= _settings.Libraries.All.Count) throw ProtocolException.At(0, $"a fault of library {fault.Index}");
        Kill(RecycleReason.StartFailed, ErrorCode.LibraryFailed, _settings.Libraries.Describe(fault));
    }

    /// <summary>One that ran out of memory before it was ready had nothing but libraries to need it for.</summary>
    private bool IsLibraryFault(WorkerState before, ErrorCode code) =>
        before == WorkerState.Starting && _settings.Libraries.Any && code == ErrorCode.MemoryLimitExceeded;

    private string NotReadyInTime()
    {
        string time = $"not ready within {(_settings.Pool.StartTimeout + _settings.Libraries.StartTime).TotalSeconds:0.###} s";
        return _settings.Libraries.Any ? $"{time}, in which it was to evaluate the libraries {string.Join(", ", _settings.Libraries.Names)}" : time;
    }
}
