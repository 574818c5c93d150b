using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Testing.Scripts;
using Enclave.Workers;

namespace Enclave.Testing.Workers;

/// <summary>Simulates a worker process by a thread and two queues of bytes, on every operating system. It ends by itself or when it is killed.</summary>
internal sealed class FakeProcess(ScriptBook book) : IWorkerProcess
{
    /// <summary>The exit code that a shell reports after SIGKILL.</summary>
    private const int KilledCode = 128 + 9;

    private volatile bool _ended;
    private volatile bool _killed;

    public ByteQueue ToWorker { get; } = new();

    public ByteQueue FromWorker { get; } = new();

    /// <summary>The id of this process, because there is no other.</summary>
    public int Pid => Environment.ProcessId;

    public int OwnPid => Environment.ProcessId;

    /// <summary>There is no confinement.</summary>
    public Confinement? Confinement => null;

    /// <summary>Zero: the memory is the test's and says nothing about a script.</summary>
    public long ResidentBytes => 0;

    public long CpuMicroseconds => 0;

    public bool EndsWithin(TimeSpan time) => SpinWait.SpinUntil(() => _ended, time);

    public bool Meet() => true;

    public IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => new FakeConnection(this, maxFrameBytes, sink);

    /// <summary>Starts the simulated worker.</summary>
    public void Start() => new FakeWorker(book, ToWorker, FromWorker, Kill).Start();

    public void Kill()
    {
        _killed = true;
        ToWorker.End();
        FromWorker.End();
    }

    /// <summary>Ends the connection.</summary>
    public ProcessExit End()
    {
        ToWorker.End();
        _ended = true;
        return new ProcessExit(_killed ? KilledCode : 0, 0);
    }
}
