using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Enclave.Protocol.Tests.NpmInterop;

/// <summary>The npm libraries, behind one run of interop.mjs.</summary>
internal static class NodeLibraries
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly string Root = FindRoot();
    private static readonly string Source = Path.Combine(Root, "tests", "Enclave.Worker.Tests", "NpmInterop", "interop");
    private static readonly string Installed = Path.Combine(Root, "artifacts", "npm", "msgpack-interop");

    /// <summary>Skips the test if the modules are missing, and says how to install them.</summary>
    public static void SkipIfMissing()
    {
        string[] modules = ["@msgpack/msgpack", "msgpackr"];
        string? missing = modules.FirstOrDefault(module => !File.Exists(Path.Combine(Installed, "node_modules", module, "package.json")));
        if (missing is null) return;
        Assert.Skip($"{missing} is not installed. Run: mkdir -p {Installed} && cp {Source}/package.json {Source}/package-lock.json {Source}/.npmrc " +
            $"{Installed} && (cd {Installed} && npm ci)");
    }

    /// <summary>The responses to the requests, in order.</summary>
    public static async Task<IReadOnlyList<JsonElement>> AskAsync(IReadOnlyList<string> requests)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var start = new ProcessStartInfo(NodePath(), [Path.Combine(Source, "interop.mjs"), Installed])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process node = Process.Start(start)!;
        try
        {
            Task writing = WriteAsync(node.StandardInput, requests, deadline.Token);
            var answers = new List<JsonElement>(requests.Count);
            while (await node.StandardOutput.ReadLineAsync(deadline.Token) is { } line) answers.Add(JsonElement.Parse(line));
            await writing;
            await node.WaitForExitAsync(deadline.Token);
            Assert.Equal(0, node.ExitCode);
            Assert.Equal(requests.Count, answers.Count);
            return answers;
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }

    private static async Task WriteAsync(StreamWriter input, IReadOnlyList<string> requests, CancellationToken cancellation)
    {
        foreach (string request in requests) await input.WriteLineAsync(request.AsMemory(), cancellation);
        input.Close();
    }

    private static string NodePath()
    {
        string bundled = Path.Combine(Root, "artifacts", "engine", "node");
        return File.Exists(bundled) ? bundled : "node";
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Enclave.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No Enclave.sln above {AppContext.BaseDirectory}");
    }
}
