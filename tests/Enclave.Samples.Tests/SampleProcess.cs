using System.Diagnostics;
using System.Text;
using Enclave.Tests;

namespace Enclave.Samples.Tests;

/// <summary>A sample, started as <c>dotnet run</c> starts it once it is built.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;

    public SampleProcess(string project, params string[] arguments)
    {
        // artifacts/bin/<project>/<configuration>/
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        string folder = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, $"{project}.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        Started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>When it was started, by <see cref="Stopwatch"/>.</summary>
    public long Started { get; }

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Waits for its end; its exit code and what it wrote.</summary>
    public async Task<(int ExitCode, string Output)> ExitAsync()
    {
        await Within.Deadline(Task.WhenAll(_process.WaitForExitAsync(), _reading), "end of the sample");
        return (_process.ExitCode, Output);
    }

    /// <summary>Asks it to stop as a terminal or an orchestrator does.</summary>
    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("/bin/bash", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync();
        return (await ExitAsync()).ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output) _output.Append(line).Append('\n');
        }
    }
}
