using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Client.UnitTests;

/// <summary>A recorded conversation with upstream.</summary>
internal sealed class CaptureFile
{
    private CaptureFile(string name, IReadOnlyList<JsonElement> lines)
    {
        Name = name;
        Outcome = lines[^1];
        var open = new Dictionary<int, CapturedExchange>();
        for (int line = 1; line < lines.Count; line++) Add(lines[line], line, open);
    }

    public static string Folder { get; } = Path.Combine(SharedFolder.Path, "wire-captures");

    public string Name { get; }

    public List<CapturedExchange> Exchanges { get; } = [];

    /// <summary>The result that upstream's caller got.</summary>
    public JsonElement Outcome { get; }

    /// <summary>The names of all conversations over HTTP; empty if there are no recordings.</summary>
    public static IEnumerable<string> Names() => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*.jsonl").Select((path) =>
        Path.GetFileName(path)[..^".jsonl".Length]).Where((name) => !name.EndsWith(".raw", StringComparison.Ordinal)
            && (name.StartsWith("http-", StringComparison.Ordinal) || name.StartsWith("client-", StringComparison.Ordinal))).Order(StringComparer.Ordinal)
        : [];

    public static CaptureFile Load(string name) => new(name,
        [.. File.ReadLines(Path.Combine(Folder, $"{name}.jsonl")).Where((line) => line.Length > 0).Select((line) => JsonDocument.Parse(line).RootElement)]);

    /// <summary>The result that upstream's caller got of a session; null if it was not recorded.</summary>
    public JsonElement? Of(string session) =>
        Outcome.EnumerateObject().Select((member) => member.Value).Where((value) => value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty("success", out _) && value.GetProperty("sessionId").GetString() == session).Cast<JsonElement?>().FirstOrDefault();

    private void Add(JsonElement line, int number, Dictionary<int, CapturedExchange> open)
    {
        string kind = line.GetProperty("kind").GetString()!;
        if (!line.TryGetProperty("conn", out JsonElement connection)) return;
        int conn = connection.GetInt32();
        if (kind == "request")
        {
            open[conn] = new CapturedExchange(line, number);
            Exchanges.Add(open[conn]);
        }
        else if (open.TryGetValue(conn, out CapturedExchange? exchange))
        {
            exchange.Add(kind, line, number);
        }
    }
}
