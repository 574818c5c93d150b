using System.Diagnostics;

namespace Enclave.McpBench;

/// <summary>A server as a child process, for a client that is not ours.</summary>
internal sealed class ServerPipes(string node, string[] server) : IDisposable
{
    private readonly Process _process = Process.Start(new ProcessStartInfo(node, server) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Runs a program of node's to its end and gives what it printed.</summary>
    public async Task<string> RunAsync(string modules, string[] arguments)
    {
        var start = new ProcessStartInfo(node, arguments) { RedirectStandardOutput = true };
        start.Environment["ENCLAVE_INTEROP_MODULES"] = modules;
        using Process program = Process.Start(start)!;
        string output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return program.ExitCode == 0 ? output : throw new InvalidOperationException($"{arguments[0]} ended with {program.ExitCode}");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
