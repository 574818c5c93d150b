using System.Diagnostics;

namespace Enclave.LoadBench.Durable;

/// <summary>Programs of the system.</summary>
internal static class Programs
{
    /// <exception cref="BenchException">It failed.</exception>
    public static async Task<string> OutputAsync(string program, IReadOnlyList<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new BenchException($"{program} ended with exit code {process.ExitCode}");
    }
}
