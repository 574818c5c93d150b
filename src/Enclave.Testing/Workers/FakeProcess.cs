using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Testing.Scripts;
using Enclave.Workers;

namespace Enclave.Testing.Workers;

/// <summary>
/// Stands in for a worker process: a thread of this process and two queues of bytes, on every operating system. It ends by itself, or when it is killed.
/// </summary>
internal sealed class FakeProcess(ScriptBook book) : IWorkerProcess
{
    /// <summary>As a shell tells of a process that SIGKILL ended.</summary>
    private const int KilledCode = 128 + 9;

    private volatile bool _ended;
    private volatile bool _killed;

    public ByteQueue ToWorker { get; } = new();

    public ByteQueue FromWorker { get; } = new();

    /// <summary>The thread's own process: there is no other.</summary>
    public int Pid => Environment.ProcessId;

    public int OwnPid => Environment.ProcessId;

    /// <summary>Nothing of the machine is its own.</summary>
    public Confinement? Confinement => null;

    /// <summary>Its memory is the test's, which says nothing of a script's.</summary>
    public long ResidentBytes => 0;

    public long CpuMicroseconds => 0;

    public bool EndsWithin(TimeSpan time) => SpinWait.SpinUntil(() => _ended, time);

    public bool Meet() => true;

    public IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => new FakeConnection(this, maxFrameBytes, sink);

    /// <summary>Begins to speak.</summary>
    public void Start() => new FakeWorker(book, ToWorker, FromWorker, Kill).Start();

    public void Kill()
    {
        _killed = true;
        ToWorker.End();
        FromWorker.End();
    }

    /// <summary>Nothing more comes from it.</summary>
    public ProcessExit End()
    {
        ToWorker.End();
        _ended = true;
        return new ProcessExit(_killed ? KilledCode : 0, 0);
    }
}
