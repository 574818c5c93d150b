using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Enclave.JavaScript.Text;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Independent readers of source maps: npm's trace-mapping and Node's reader, and the stacks of V8.</summary>
internal static class SourceMapWitnesses
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);
    private static readonly string s_source = Path.Combine(Repository.Root, "tests", "Enclave.JavaScript.Tests", "interop");
    private static readonly string s_installed = Path.Combine(Repository.Root, "artifacts", "npm", "javascript-interop");
    private static readonly string s_node = Path.Combine(Repository.Root, "artifacts", "engine", "node");

    /// <summary>The places in the source, by reader.</summary>
    public sealed record Answer(SourcePosition[] Tracing, SourcePosition[] Node);

    public static void SkipWithoutNode()
    {
        if (!File.Exists(s_node)) Assert.Skip($"{s_node} is not there. Run: ./test.sh, which brings it");
    }

    public static void SkipWithoutReaders()
    {
        SkipWithoutNode();
        if (Directory.Exists(Path.Combine(s_installed, "node_modules", "@jridgewell", "trace-mapping"))) return;
        Assert.Skip($"@jridgewell/trace-mapping is not installed in {s_installed}. Run: ./test.sh, which installs what {s_source} locks");
    }

    /// <summary>The readers' answers for places of a printed text.</summary>
    public static async Task<Answer> ReadAsync(string map, SourcePosition[] places)
    {
        int[][] asked = [.. places.Select((place) => new[] { place.Line, place.Column })];
        JsonElement answer = await AskAsync("source-map.mjs", JsonSerializer.Serialize(new { map, places = asked }));
        return new Answer(Places(answer.GetProperty("tracing")), Places(answer.GetProperty("node")));
    }

    /// <summary>The places of errors by V8, for each script, the innermost frame first.</summary>
    public static async Task<SourcePosition[][]> StacksAsync(IEnumerable<string> scripts) =>
        [.. (await AskAsync("stacks.mjs", JsonSerializer.Serialize(scripts))).EnumerateArray().Select(Places)];

    private static async Task<JsonElement> AskAsync(string program, string request)
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        var start = new ProcessStartInfo(s_node, [Path.Combine(s_source, program), s_installed])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process node = Process.Start(start)!;
        try
        {
            await node.StandardInput.WriteAsync(request.AsMemory(), deadline.Token);
            node.StandardInput.Close();
            string reply = await node.StandardOutput.ReadToEndAsync(deadline.Token);
            await node.WaitForExitAsync(deadline.Token);
            Assert.Equal(0, node.ExitCode);
            return JsonElement.Parse(reply);
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }

    private static SourcePosition[] Places(JsonElement places) => [.. places.EnumerateArray().Select(Place)];

    private static SourcePosition Place(JsonElement place) =>
        place.ValueKind == JsonValueKind.Null ? default : new SourcePosition(place[0].GetInt32(), place[1].GetInt32());
}
