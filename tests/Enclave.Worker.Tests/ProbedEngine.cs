using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.EngineProbe;
using Enclave.Protocol.Messages;
using Enclave.Tests;
using Enclave.Worker.Engine;

namespace Enclave.Worker.Tests;

/// <summary>The engine of a process of its own, behind the same seam: V8 lives in the node binary, and no test runner can live there with it.</summary>
internal sealed class ProbedEngine : IScriptEngine, IDisposable
{
    private readonly Process _process;

    public ProbedEngine()
    {
        string engine = Path.Combine(Repository.Root, "artifacts", "engine");
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var start = new ProcessStartInfo("/lib64/ld-linux-x86-64.so.2") { WorkingDirectory = engine, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[
            "--preload", "./libenclave-engine.so", "./node", "--disallow-code-generation-from-strings", "worker", Path.GetDirectoryName(typeof(object).Assembly.Location)!,
            Path.Combine(Repository.Root, "artifacts", "bin", "Enclave.EngineProbe", configuration), "./snapshot.bin", Environment.ProcessId.ToString(), "open", "Enclave.EngineProbe.dll"])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
    }

    public string Version => Call(new ProbeRequest("version")).Text;

    public int Ready => Call(new ProbeRequest("ready")).Number;

    public List<ProbeCall> ToolCalls { get; } = [];

    public List<string> Console { get; } = [];

    /// <summary>What console lines are answered with.</summary>
    public StopReason ConsoleAnswer { get; set; }

    /// <summary>What the process holds without what .NET has not collected yet: a large script leaves some 5 MB there, up to 60 MB in all.</summary>
    public long ResidentBytes
    {
        get
        {
            Call(new ProbeRequest("collect"));
            return long.Parse(File.ReadAllText($"/proc/{_process.Id}/statm").Split(' ')[1]) * 4096;
        }
    }

    /// <summary>How the process ended, once it has.</summary>
    public int ExitCode
    {
        get
        {
            Assert.True(_process.WaitForExit(TimeSpan.FromSeconds(30)), "the engine's process did not end");
            return _process.ExitCode;
        }
    }

    /// <summary>From now on the process has this much writable memory beyond what it has mapped.</summary>
    public void LimitMemory(long more)
    {
        string mapped = File.ReadLines($"/proc/{_process.Id}/status").Single((line) => line.StartsWith("VmData:", StringComparison.Ordinal));
        ulong bytes = (ulong)((long.Parse(mapped.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024) + more);
        var limit = new Limit(bytes, bytes);
        Assert.Equal(0, prlimit(_process.Id, DataLimit, in limit, 0));
    }

    public IScriptIsolate Take(long memoryLimit) => new ProbedIsolate(this, Call(new ProbeRequest("take", MemoryLimit: memoryLimit)).Number);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.Dispose();
    }

    private ProbeReply Call(ProbeRequest request)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(request with { ConsoleAnswer = (int)ConsoleAnswer }));
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the engine's process has ended");
        ProbeReply reply = JsonSerializer.Deserialize<ProbeReply>(line)!;
        ToolCalls.AddRange(reply.Calls);
        Console.AddRange(reply.Console);
        return reply;
    }

    private const int DataLimit = 2;

    [DllImport("libc")]
    private static extern int prlimit(int pid, int resource, in Limit limit, nint before);

    private readonly record struct Limit(ulong Soft, ulong Hard);

    private sealed class ProbedIsolate(ProbedEngine engine, int number) : IScriptIsolate
    {
        public ScriptStep Run(in ExecuteMessage job) => Step(new ProbeRequest("run", number, Source: job.Source.ToArray(), Payload: job.Globals.ToArray())
        {
            Repeatable = job.Origin.IsRepeatable,
            Seed = job.Origin.Seed,
            Milliseconds = job.Origin.Milliseconds,
            Key = (ulong)job.Key.Value,
        });

        public void SetTime(long milliseconds) => engine.Call(new ProbeRequest("time", number, Milliseconds: milliseconds));

        public ScriptStep Resolve(uint callId, ReadOnlySpan<byte> value) => Step(new ProbeRequest("resolve", number, CallId: callId, Payload: value.ToArray()));

        public ScriptStep Reject(uint callId, ReadOnlySpan<byte> error) => Step(new ProbeRequest("reject", number, CallId: callId, Payload: error.ToArray()));

        public void Terminate(StopReason reason) => throw new NotSupportedException("the probe is single-threaded: terminate by ConsoleAnswer");

        public void Dispose() => engine.Call(new ProbeRequest("drop", number));

        private ScriptStep Step(ProbeRequest request)
        {
            ProbeReply reply = engine.Call(request);
            return new ScriptStep { Status = (RunStatus)reply.Status, Reason = (StopReason)reply.Reason, Body = reply.Body };
        }
    }
}
