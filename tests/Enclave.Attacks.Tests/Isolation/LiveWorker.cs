using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A worker in the middle of a job, for tests that inspect it from outside.</summary>
internal sealed class LiveWorker : IAsyncDisposable
{
    private readonly TestGate _gate = new();
    private readonly EnclaveHost _host;
    private readonly Task<ExecutionResult> _job;

    private LiveWorker(SecurityLevel level, Action<EnclaveOptions>? change)
    {
        var options = new EnclaveOptions { SecurityLevel = level, ToolHandler = _gate.Handle };
        change?.Invoke(options);
        _host = new EnclaveHost(options);
        _job = _host.RunAsync(TestGate.Script, new RunOptions { Timeout = TimeSpan.FromMinutes(2) });
    }

    /// <summary>The host's own report on it.</summary>
    public int Pid { get; private set; }

    public static async Task<LiveWorker> At(SecurityLevel level, Action<EnclaveOptions>? change = null)
    {
        var worker = new LiveWorker(level, change);
        await worker._gate.Arrival();
        worker.Pid = worker._host.GetIsolationReport().Workers.MinBy((candidate) => candidate.WorkerId)!.ProcessId;
        return worker;
    }

    /// <summary>The content of a file in its /proc folder.</summary>
    public string Read(string file) => File.ReadAllText($"/proc/{Pid}/{file}");

    /// <summary>The target of one of its links.</summary>
    public string Link(string name) => new FileInfo($"/proc/{Pid}/{name}").LinkTarget ?? "";

    /// <summary>Lets the job finish. It must succeed: an inspection does no harm.</summary>
    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        ExecutionResult result = await Within.Deadline(_job, "answer of the job that was looked at");
        await _host.DisposeAsync();
        Assert.True(result.Success, result.Error?.Message);
    }
}
