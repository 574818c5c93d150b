using System.Diagnostics;
using System.Text;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Corpus;

/// <summary>Runs scripts in the pinned node, lines in and lines out.</summary>
internal static class NodeScript
{
    private static readonly UTF8Encoding s_utf8 = new(false);

    /// <summary>The path of one of this project's scripts.</summary>
    public static string Oracle(string name) => Path.Combine(Repository.Root, "tests", "Enclave.JavaScript.Tests", "oracle", name);

    /// <summary>Yields the script's output lines while it receives the input. A script that fails throws after its last line.</summary>
    public static IEnumerable<string> Lines(IEnumerable<string> arguments, IReadOnlyList<string> input)
    {
        using Process node = Start(arguments);
        var errors = new StringBuilder();
        node.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        node.BeginErrorReadLine();
        // The input is written while the output is read: either pipe may be full.
        var feeding = new Thread(() => Feed(node.StandardInput, input));
        feeding.Start();
        try
        {
            while (node.StandardOutput.ReadLine() is { } line) yield return line;
            node.WaitForExit();
            feeding.Join();
            if (node.ExitCode != 0) throw new InvalidOperationException($"node ended with {node.ExitCode}: {errors}");
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }

    private static Process Start(IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(Installed.Node, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardInputEncoding = s_utf8,
        StandardOutputEncoding = s_utf8,
    })!;

    private static void Feed(StreamWriter to, IReadOnlyList<string> lines)
    {
        try
        {
            foreach (string line in lines) to.WriteLine(line);
            to.Close();
        }
        catch (IOException)
        {
            // The script ended early. Its exit code says why.
        }
    }
}
