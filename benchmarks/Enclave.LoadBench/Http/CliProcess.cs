using System.Diagnostics;
using System.Text.Json;

namespace Enclave.LoadBench.Http;

/// <summary>A command of the command line that listens until it is disposed.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private CliProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => _process.Id;

    public static async Task<CliProcess> StartAsync(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "..", "..", "Enclave.Cli", "release", "Enclave.Cli");
        if (!File.Exists(program)) throw new BenchException($"{Path.GetFullPath(program)} is missing: ./bench.sh builds it");
        var start = new ProcessStartInfo(program, [.. arguments, "--port", "0", "--json"]) { RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        try
        {
            string line = await process.StandardOutput.ReadLineAsync().WaitAsync(s_patience)
                ?? throw new BenchException($"enclave {arguments[0]} ended before it listened");
            return new CliProcess(process, new Uri(JsonDocument.Parse(line).RootElement.GetProperty("listening").GetString()!));
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (Process signal = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await signal.WaitForExitAsync().WaitAsync(s_patience);
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        _process.Dispose();
    }
}
