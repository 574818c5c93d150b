using System.Diagnostics;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests;

/// <summary><c>enclave serve</c> or <c>enclave runtime</c> as a process.</summary>
internal sealed class CliServer : IAsyncDisposable
{
    private readonly Process _process;

    private CliServer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int Pid => _process.Id;

    public static Task<CliServer> Runtime(params string[] options) => Start(["runtime", "--port", "0", "--level", "standard", .. options]);

    /// <param name="port">0 for a free one.</param>
    public static Task<CliServer> Broker(int port = 0, params string[] options) => Start(["serve", "--port", $"{port}", .. options]);

    /// <summary>A broker with a hard limit on managed memory: exceeding it ends the process.</summary>
    public static Task<CliServer> Bounded(long heapBytes, params string[] options) => Start(["serve", "--port", "0", .. options], heapBytes);

    public void Kill() => _process.Kill();

    /// <summary>Asks it to stop, as an operator does.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-s", "TERM", $"{Pid}"]);
        kill.WaitForExit();
    }

    /// <summary>Its exit code, after it ended by itself.</summary>
    public async Task<int> ExitCode()
    {
        await Within.Deadline(_process.WaitForExitAsync(), "end of the process");
        return _process.ExitCode;
    }

    /// <summary>The CPU time that it used.</summary>
    public TimeSpan Cpu()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Bytes of its resident memory.</summary>
    public long Resident()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await Within.Deadline(_process.WaitForExitAsync(), "end of the process");
        _process.Dispose();
    }

    private static async Task<CliServer> Start(string[] arguments, long? heapBytes = null)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;
        string command = Path.Combine(Repository.Root, "artifacts", "bin", "Enclave.Cli", configuration, "Enclave.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [command, .. arguments, "--json"]) { RedirectStandardOutput = true };
        if (heapBytes is { } bound) start.Environment["DOTNET_GCHeapHardLimit"] = bound.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        var process = Process.Start(start)!;
        string line = await Within.Deadline(process.StandardOutput.ReadLineAsync(), $"line that tells where enclave {arguments[0]} listens") ?? "";
        return new CliServer(process, new Uri(JsonDocument.Parse(line).RootElement.GetProperty("listening").GetString()!));
    }
}
