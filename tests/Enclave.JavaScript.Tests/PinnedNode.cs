using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests;

/// <summary>The engine's own node: the second opinion about the language.</summary>
internal static class PinnedNode
{
    private static readonly string s_path = Path.Combine(Repository.Root, "artifacts", "engine", "node");

    /// <summary>Runs a script with a text on its input; what it printed.</summary>
    public static async Task<string> Run(string script, string input)
    {
        if (!File.Exists(s_path)) Assert.Skip($"{s_path} is not there: eng/setup.sh installs it");
        var start = new ProcessStartInfo(s_path) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add($"const input = require('fs').readFileSync(0, 'utf8'); {script}");
        using Process node = Process.Start(start)!;
        try
        {
            Task<string> output = node.StandardOutput.ReadToEndAsync();
            Task<string> errors = node.StandardError.ReadToEndAsync();
            await Within.Deadline(node.StandardInput.WriteAsync(input), "reader of the input in node");
            node.StandardInput.Close();
            string printed = await Within.Deadline(output, "answer from node");
            await Within.Deadline(node.WaitForExitAsync(), "end of node");
            Assert.True(node.ExitCode == 0, await errors);
            return printed;
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }
}
