using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Enclave.JavaScript.Text;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Readers of source maps that are not ours, behind interop/source-map.mjs: npm's trace-mapping and Node's own.</summary>
internal static class SourceMapReaders
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);
    private static readonly string s_source = Path.Combine(Repository.Root, "tests", "Enclave.JavaScript.Tests", "interop");
    private static readonly string s_installed = Path.Combine(Repository.Root, "artifacts", "npm", "javascript-interop");
    private static readonly string s_node = Path.Combine(Repository.Root, "artifacts", "engine", "node");

    /// <summary>The places in the source, by reader.</summary>
    public sealed record Answer(SourcePosition[] Tracing, SourcePosition[] Node);

    public static void SkipIfMissing()
    {
        if (!File.Exists(s_node)) Assert.Skip($"{s_node} is not there. Run: ./test.sh, which brings it");
        if (!Directory.Exists(Path.Combine(s_installed, "node_modules", "@jridgewell", "trace-mapping")))
        {
            Assert.Skip($"@jridgewell/trace-mapping is not installed in {s_installed}. Run: ./test.sh, which installs what {s_source} locks");
        }
    }

    public static async Task<Answer> AskAsync(string map, SourcePosition[] places)
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        var start = new ProcessStartInfo(s_node, [Path.Combine(s_source, "source-map.mjs"), s_installed])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process node = Process.Start(start)!;
        try
        {
            int[][] asked = [.. places.Select((place) => new[] { place.Line, place.Column })];
            await node.StandardInput.WriteAsync(JsonSerializer.Serialize(new { map, places = asked }).AsMemory(), deadline.Token);
            node.StandardInput.Close();
            string reply = await node.StandardOutput.ReadToEndAsync(deadline.Token);
            await node.WaitForExitAsync(deadline.Token);
            Assert.Equal(0, node.ExitCode);
            JsonElement answer = JsonElement.Parse(reply);
            return new Answer(Places(answer.GetProperty("tracing")), Places(answer.GetProperty("node")));
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }

    private static SourcePosition[] Places(JsonElement places) =>
        [.. places.EnumerateArray().Select((place) => place.ValueKind == JsonValueKind.Null ? default : new SourcePosition(place[0].GetInt32(), place[1].GetInt32()))];
}
