using Enclave.Processes;
using Enclave.Testing.Scripts;
using Enclave.Workers;

namespace Enclave.Testing.Workers;

/// <summary>Simulates a worker process by a thread and two queues of bytes, on every operating system. It ends by itself or when it is killed.</summary>
#pragma warning disable CA1001 // Queues in memory hold nothing to dispose.
internal sealed class FakeProcess(ScriptBook book) : IWorkerProcess, IStreamedWorker
#pragma warning restore CA1001
{
    /// <summary>The exit code that a shell reports after SIGKILL.</summary>
    private const int KilledCode = 128 + 9;

    private readonly ByteQueue _toWorker = new(), _fromWorker = new();
    private volatile bool _ended;
    private volatile bool _killed;

    public Stream ToWorker => _toWorker;

    public Stream FromWorker => _fromWorker;

    /// <summary>The id of this process, because there is no other.</summary>
    public int Pid => Environment.ProcessId;

    public int OwnPid => Environment.ProcessId;

    public long CpuMicroseconds => 0;

    /// <summary>Zero, because the memory belongs to the test, not to a script.</summary>
    public (long Own, long Files) ReadResident() => (0, 0);

    public bool EndsWithin(TimeSpan time) => SpinWait.SpinUntil(() => _ended, time);

    public IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => new StreamedConnection(this, maxFrameBytes, sink);

    /// <summary>Starts the simulated worker.</summary>
    public void Start() => new FakeWorker(book, _toWorker, _fromWorker, Kill).Start();

    public void Kill()
    {
        _killed = true;
        _toWorker.End();
        _fromWorker.End();
    }

    /// <summary>Ends the connection.</summary>
    public ProcessExit End(out string log)
    {
        log = "";
        _toWorker.End();
        _ended = true;
        return new ProcessExit(_killed ? KilledCode : 0, 0);
    }
}
