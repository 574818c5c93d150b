using System.ComponentModel;
using System.Diagnostics;
using Enclave.Cli.Commands;
using Enclave.Cli.Processes;
using Enclave.Isolation;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Runs a program to read its output.</summary>
internal static class ProbeCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Its exit code and first line; null if it cannot be started or does not end.</summary>
    public static async Task<(int ExitCode, string Line)?> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            // The same search as the host's: .NET would look into the current folder before PATH.
            if (SystemPrograms.Find(program) is not ({ } found, null)) return null;
            var start = new ProcessStartInfo(found, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
            ChildEnvironment.Limit(start, []);
            using var process = Process.Start(start)!;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_patience);
            try
            {
                Task<string> complaint = process.StandardError.ReadToEndAsync(patience.Token);
                string said = await process.StandardOutput.ReadToEndAsync(patience.Token).ConfigureAwait(false);
                if (said.Length == 0) said = await complaint.ConfigureAwait(false);
                await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
                return (process.ExitCode, said.Trim().Split('\n', 2)[0]);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                return null;
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
