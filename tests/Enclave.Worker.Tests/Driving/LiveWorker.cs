using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>A real worker process, driven through its protocol.</summary>
internal sealed partial class LiveWorker : IDisposable
{
    private const int DataLimit = 2;

    private readonly Process _process;
    private readonly FrameBuffer _frames = new();
    private ulong _lastId;
    private bool _isStopped;

    private LiveWorker(WorkerSetup setup, bool isPortable)
    {
        ProcessStartInfo start = isPortable
            ? new("dotnet", setup.PortableArguments) { WorkingDirectory = Path.Combine(Repository.Root, "artifacts", "engine-portable") }
            : new("/lib64/ld-linux-x86-64.so.2", setup.Arguments) { WorkingDirectory = TestedEngine.NativeFolder };
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        if (isPortable) start.Environment["DOTNET_EnableDiagnostics"] = "0";
        else start.Environment.Clear();
        if (WorkerSetup.IsSanitized) start.Environment["ASAN_OPTIONS"] = "detect_leaks=0:alloc_dealloc_mismatch=0:allocator_may_return_null=1";
        _process = Starter.Start(start);
        Pipes = new WorkerPipes(_process.StandardInput.BaseStream, _process.StandardOutput.BaseStream, Math.Max(setup.Hello.MaxFrameBytes, 1024));
    }

    public WorkerPipes Pipes { get; }

    public ReadyMessage? Ready { get; private set; }

    public int Pid => _process.Id;

    /// <summary>True if it takes no more jobs: it has ended, or a limit stopped its last job.</summary>
    public bool IsSpent => _isStopped || _process.HasExited;

    public long ResidentBytes => long.Parse(File.ReadAllText($"/proc/{Pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * 4096;

    /// <summary>True if it waits for input.</summary>
    public bool Sleeps => Stat[0] == "S";

    /// <summary>Pages that it touched first since its start, or since a reset gave them back: minor faults (proc_pid_stat(5)).</summary>
    public long TouchedPages => long.Parse(Stat[7], CultureInfo.InvariantCulture);

    /// <summary>Its state and what follows in /proc/PID/stat.</summary>
    private string[] Stat => File.ReadAllText($"/proc/{Pid}/stat").Split(") ")[^1].Split(' ');

    /// <summary>Its exit status, when it has ended.</summary>
    public int ExitCode
    {
        get
        {
            Assert.True(_process.WaitForExit(TimeSpan.FromSeconds(60)), "the worker did not end");
            return _process.ExitCode;
        }
    }

    /// <summary>A worker that waits for its hello.</summary>
    public static LiveWorker Start(WorkerSetup setup) => new(setup, TestedEngine.IsPortable);

    /// <summary>A worker that takes jobs.</summary>
    public static LiveWorker Open(WorkerSetup setup) => Open(setup, TestedEngine.IsPortable);

    /// <summary>A worker of this kind that takes jobs.</summary>
    public static LiveWorker Open(WorkerSetup setup, bool isPortable)
    {
        var worker = new LiveWorker(setup, isPortable);
        worker.Send(setup.Hello.Write);
        foreach ((string name, string source) in setup.Libraries) worker.Send((frames) => LibraryMessage.Write(frames, name, source));
        worker.Ready = ReadyMessage.Read(worker.Expect(FrameType.Ready));
        return worker;
    }

    public bool Send(Action<FrameBuffer> write)
    {
        _frames.Clear();
        write(_frames);
        return Pipes.Send(_frames.Written);
    }

    /// <summary>The next frame, which must be of this type.</summary>
    public ReadOnlyMemory<byte> Expect(FrameType type)
    {
        if (Pipes.Next() is not { } frame) throw new WorkerEndedException(ExitCode, End());
        Assert.Equal(type, frame.Type);
        return frame.Body;
    }

    /// <summary>Waits until the last job's reset is done. Its result was read: between that and its next sleep the worker only resets itself.</summary>
    public void AwaitReset() => Assert.True(SpinWait.SpinUntil(() => Sleeps, TimeSpan.FromSeconds(60)), "the worker did not reset itself");

    /// <summary>Sends a job and returns its id, by default the next one.</summary>
    public ulong Begin(ScriptJob job, ulong? given = null)
    {
        ulong id = given ?? ++_lastId;
        Send((frames) => job.Write(frames, id));
        return id;
    }

    /// <summary>Runs a job to its end. By default tools answer with null; a call whose reply is null stays open.</summary>
    public JobAnswer Run(ScriptJob job, Func<CalledTool, ToolReply?>? tools = null) => Finish(Begin(job), tools);

    /// <summary>Answers a job's calls until its result.</summary>
    public JobAnswer Finish(ulong id, Func<CalledTool, ToolReply?>? tools = null)
    {
        List<CalledTool> calls = [];
        List<string> console = [];
        for (; ; )
        {
            if (Pipes.Next() is not { } frame) throw new WorkerEndedException(ExitCode, End());
            switch (frame.Type)
            {
                case FrameType.Console:
                    ConsoleMessage lines = ConsoleMessage.Read(frame.Body, int.MaxValue, long.MaxValue);
                    Assert.Equal(id, lines.JobId);
                    console.AddRange(lines.Lines.Select((line) => $"{line.Level} {line.Text}"));
                    break;
                case FrameType.ToolCall:
                    ToolCallMessage call = ToolCallMessage.Read(frame.Body);
                    Assert.Equal(id, call.JobId);
                    calls.Add(new CalledTool(call.CallId, call.Name, call.Args.ToArray()));
                    ToolReply? reply = tools is null ? ToolReply.Value(null) : tools(calls[^1]);
                    if (reply is not null) Send((frames) => reply.Write(frames, id, call.CallId));
                    break;
                case FrameType.Result:
                    ResultMessage result = ResultMessage.Read(frame.Body);
                    Assert.Equal(id, result.JobId);
                    _isStopped = result.Status == RunStatus.Stopped && result.ReadStop().Reason is not (StopReason.Cancelled or StopReason.Suspended);
                    return JobAnswer.Of(result, calls, console);
                default:
                    Assert.Fail($"{frame.Type} while a job runs");
                    break;
            }
        }
    }

    /// <summary>Limits the process to this much writable memory above its present mappings.</summary>
    public void LimitMemory(long more)
    {
        string mapped = File.ReadLines($"/proc/{Pid}/status").Single((line) => line.StartsWith("VmData:", StringComparison.Ordinal));
        ulong bytes = (ulong)((long.Parse(mapped.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024) + more);
        var limit = new Limit(bytes, bytes);
        Assert.Equal(0, prlimit(Pid, DataLimit, in limit, 0));
    }

    /// <summary>Its exit status, and its log.</summary>
    public string End() => $"the worker ended with {ExitCode}: {_process.StandardError.ReadToEnd()}";

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        Pipes.Dispose();
        _process.Dispose();
        _frames.Release();
    }

    [LibraryImport("libc")]
    private static partial int prlimit(int pid, int resource, in Limit limit, nint before);

    private readonly record struct Limit(ulong Soft, ulong Hard);
}
