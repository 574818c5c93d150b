using System.ComponentModel;
using System.Diagnostics;
using Enclave.Isolation;
using Enclave.Processes;

namespace Enclave.Workers.Engines;

/// <summary>A worker of the portable engine: its process, and the end of its log.</summary>
internal sealed class PortableProcess(Process process, IsolationPlan plan) : IWorkerProcess, IStreamedWorker
{
    /// <summary>Between the end of its output and its own end.</summary>
    private static readonly TimeSpan s_leaving = TimeSpan.FromMilliseconds(500);

    /// <summary>Longer than a system takes to end a killed process.</summary>
    private static readonly TimeSpan s_dying = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly StderrRing _log = new();
    private readonly Thread _logReader = new((state) => ((PortableProcess)state!).ReadLog()) { IsBackground = true, Name = "enclave-log" };
    private volatile bool _killed;
    private bool _closed;
    private long _peak;

    public int Pid { get; } = process.Id;

    public int OwnPid => Pid;

    public WorkerFinding Inspect(IReadOnlyList<string> claims) => WorkerFinding.Of(plan, IsolationCheck.ByPlan(plan));

    public Stream ToWorker { get; } = process.StandardInput.BaseStream;

    public Stream FromWorker { get; } = process.StandardOutput.BaseStream;

    /// <summary>Frames, their texts and the garbage of .NET count as the worker's own memory. Inside, V8 has the run's limit.</summary>
    public long MemoryAllowance => 256L << 20;

    public long CpuMicroseconds => Ask((live) => live.TotalProcessorTime.Ticks / TimeSpan.TicksPerMicrosecond);

    public (long Own, long Files) ReadResident()
    {
        long bytes = Ask((live) => live.WorkingSet64);
        _peak = Math.Max(_peak, bytes);
        return (bytes, 0);
    }

    public bool EndsWithin(TimeSpan time) => SpinWait.SpinUntil(() => Ask((_) => 1) == 0, time);

    public IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => new StreamedConnection(this, maxFrameBytes, sink);

    public void Start() => _logReader.Start(this);

    public void Kill()
    {
        lock (_gate)
        {
            if (_closed || process.HasExited) return;
            _killed = true;
            try
            {
                process.Kill();
            }
            catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
            {
                // The process is ending at this moment.
            }
        }
    }

    public ProcessExit End(out string log)
    {
        // A live worker that closes its output is not honest.
        if (!process.WaitForExit(s_leaving)) Kill();
        bool ended = process.WaitForExit(s_dying);
        // A process that outlives its kill keeps its log open.
        if (ended) _logReader.Join(s_dying);
        lock (_gate)
        {
            _closed = true;
            log = _log.ToString();
            // Windows gives killed processes the code -1.
            int code = _killed || !ended ? ExitClassifier.Killed : process.ExitCode;
            process.Dispose();
            return new ProcessExit(code, _peak);
        }
    }

    /// <summary>Asks the system about the process; 0 if it is gone.</summary>
    private long Ask(Func<Process, long> question)
    {
        lock (_gate)
        {
            if (_closed) return 0;
            try
            {
                process.Refresh();
                return process.HasExited ? 0 : question(process);
            }
            catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
            {
                return 0;
            }
        }
    }

    private void ReadLog()
    {
        Span<byte> piece = stackalloc byte[4096];
        try
        {
            for (int count; (count = process.StandardError.BaseStream.Read(piece)) > 0;)
            {
                lock (_gate) _log.Append(piece[..count]);
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process was closed before its log.
        }
    }
}
