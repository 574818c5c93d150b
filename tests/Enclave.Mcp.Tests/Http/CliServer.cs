using System.Diagnostics;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Mcp.Tests.Http;

/// <summary>A command of <c>enclave</c> that serves until it gets a signal.</summary>
internal sealed class CliServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;

    private CliServer(Process process, Task<string> log, string address) => (_process, _log, Address) = (process, log, address);

    /// <summary>The address that it announced.</summary>
    public string Address { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts the command on a free port, and waits until it listens.</summary>
    public static async Task<CliServer> StartAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Interop.Cli, .. arguments, "--port", "0", "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        Process process = Process.Start(start)!;
        Task<string> log = process.StandardError.ReadToEndAsync(Token);
        string? line = await Within.Deadline(process.StandardOutput.ReadLineAsync(Token).AsTask(), "first line");
        if (line is null) Assert.Fail(await log);
        return new CliServer(process, log, JsonElement.Parse(line).GetProperty("listening").GetString()!);
    }

    /// <summary>Ends it as a crash does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends it, and gives its log.</summary>
    public async Task<string> StopAsync()
    {
        if (!_process.HasExited)
        {
            using Process kill = Process.Start("/bin/bash", ["-c", $"kill -TERM {_process.Id}"]);
            await kill.WaitForExitAsync(Token);
        }

        await Within.Deadline(_process.WaitForExitAsync(Token), "end of the command");
        return await _log;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }
}
