using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Enclave.JavaScript.Ast;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Scopes;

/// <summary>npm's eslint-scope, through one run of interop-scopes/scopes.mjs.</summary>
internal static class EslintScope
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(3);
    private static readonly string s_source = Path.Combine(Repository.Root, "tests", "Enclave.JavaScript.Tests", "interop-scopes");
    public static string Installed { get; } = Path.Combine(Repository.Root, "artifacts", "npm", "javascript-scopes");

    /// <summary>Skips the test if the package is missing, and says how to install it.</summary>
    public static void SkipIfMissing()
    {
        if (File.Exists(Path.Combine(Installed, "node_modules", "eslint-scope", "package.json"))) return;
        Assert.Skip($"eslint-scope is not installed. Run: mkdir -p {Installed} && cp {s_source}/package.json {s_source}/package-lock.json {s_source}/.npmrc " +
            $"{Installed} && (cd {Installed} && npm ci)");
    }

    /// <summary>
    /// For each program the offsets of its references and of their declarations, null if there is none. Null for programs that acorn refuses.
    /// </summary>
    public static async Task<IReadOnlyList<Dictionary<int, int[]?>?>> ResolveAsync(IReadOnlyList<(string Source, SourceGoal Goal)> programs)
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        string bundled = Path.Combine(Repository.Root, "artifacts", "engine", "node");
        var start = new ProcessStartInfo(File.Exists(bundled) ? bundled : "node", [Path.Combine(s_source, "scopes.mjs"), Installed])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process node = Process.Start(start)!;
        try
        {
            Task writing = WriteAsync(node.StandardInput, programs, deadline.Token);
            var answers = new List<Dictionary<int, int[]?>?>(programs.Count);
            while (await node.StandardOutput.ReadLineAsync(deadline.Token) is { } line) answers.Add(Read(line));
            await writing;
            await node.WaitForExitAsync(deadline.Token);
            Assert.Equal((0, programs.Count), (node.ExitCode, answers.Count));
            return answers;
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }

    private static async Task WriteAsync(StreamWriter input, IReadOnlyList<(string Source, SourceGoal Goal)> programs, CancellationToken cancellation)
    {
        foreach ((string source, SourceGoal goal) in programs)
        {
            string request = JsonSerializer.Serialize(new { source, module = goal == SourceGoal.Module });
            await input.WriteLineAsync(request.AsMemory(), cancellation);
        }

        input.Close();
    }

    private static Dictionary<int, int[]?>? Read(string line)
    {
        using JsonDocument answer = JsonDocument.Parse(line);
        if (answer.RootElement.ValueKind == JsonValueKind.Null) return null;
        var references = new Dictionary<int, int[]?>();
        foreach (JsonElement reference in answer.RootElement.EnumerateArray())
        {
            int[]? places = reference[1].ValueKind == JsonValueKind.Null ? null : [.. reference[1].EnumerateArray().Select((place) => place.GetInt32())];
            references.Add(reference[0].GetInt32(), places);
        }

        return references;
    }
}
