using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Mcp.Tests;

/// <summary>Programs of others, run to their end.</summary>
internal static class Interop
{
    public static string Modules { get; } = Path.Combine(Repository.Root, "artifacts", "npm", "mcp-interop");

    public static string Scripts { get; } = Path.Combine(Repository.Root, "tests", "Enclave.Mcp.Tests", "interop");

    public static string Cli { get; } = Path.Combine(Repository.Root, "artifacts", "bin", "Enclave.Cli",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Enclave.Cli.dll");

    /// <summary>Runs a program of node's in a folder.</summary>
    public static Task<(int Status, string Output)> NodeAsync(string folder, CancellationToken token, params string[] arguments) =>
        RunAsync(NpmServer.Node, folder, token, arguments);

    /// <summary>Runs a program in a folder.</summary>
    public static async Task<(int Status, string Output)> RunAsync(string program, string folder, CancellationToken token, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["ENCLAVE_INTEROP_MODULES"] = Modules;
        // The inspector keeps files in its home.
        start.Environment["HOME"] = folder;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(token), errors = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output + await errors);
    }
}
