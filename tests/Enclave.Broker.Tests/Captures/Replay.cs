using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Captures;

/// <summary>Sends the requests of a recorded client to a broker, in the same order.</summary>
/// <param name="app">The broker.</param>
/// <param name="expected">Returns the expected response.</param>
internal sealed class Replay(BrokerApp app, Func<Exchange, List<string>> expected) : IDisposable
{
    private readonly Dictionary<int, Exchange> _current = [];
    private readonly Dictionary<string, string> _ids = [];

    public List<Exchange> All { get; } = [];

    public async Task PlayAsync(JsonElement[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            JsonElement line = lines[i];
            int connection = line.GetProperty("conn").GetInt32();
            Exchange? current = _current.GetValueOrDefault(connection);
            switch (line.GetProperty("kind").GetString())
            {
                case "request":
                    await BeginAsync(
                        line, Next(lines, i, connection) == "request_body" ? Later(lines, i, connection).First().GetProperty("text").GetString() : null);
                    break;
                case "response":
                    current!.Head = AnswerLines.Head(line.GetProperty("status").GetInt32(), (name) =>
                        Headers(line).FirstOrDefault((header) => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value);
                    // An empty response has no parts and no end of its own.
                    if (Next(lines, i, connection) is not ("response_chunk" or "response_body" or "response_end" or "tcp_end")) await EndAsync(current);
                    break;
                case "response_chunk":
                    current!.Events.Add(JsonDocument.Parse(line.GetProperty("text").GetString()!).RootElement);
                    break;
                case "response_body":
                    current!.Text = line.GetProperty("text").GetString();
                    await EndAsync(current);
                    break;
                case "response_end":
                    await EndAsync(current!);
                    break;
                case "tcp_end" when current is { IsWhole: false }:
                    await current.ShowsAsync();
                    await current.LeaveAsync();
                    break;
            }
        }

        foreach (Exchange open in All.Where((exchange) => exchange is { IsWhole: false, IsLeft: false }))
        {
            await open.ShowsAsync();
            await open.LeaveAsync();
        }
    }

    public void Dispose()
    {
        foreach (Exchange exchange in All) exchange.Dispose();
    }

    private static IEnumerable<JsonElement> Later(JsonElement[] lines, int after, int connection) =>
        lines.Skip(after + 1).Where((later) => later.GetProperty("conn").GetInt32() == connection);

    private static string? Next(JsonElement[] lines, int after, int connection) =>
        Later(lines, after, connection).Select((later) => later.GetProperty("kind").GetString()).FirstOrDefault();

    private static (string Name, string Value)[] Headers(JsonElement line) =>
        [.. line.GetProperty("headers").EnumerateArray().Select((pair) => (pair[0].GetString()!, pair[1].GetString()!))];

    private async Task BeginAsync(JsonElement line, string? body)
    {
        foreach (Exchange open in All.Where((exchange) => exchange is { IsWhole: false, IsLeft: false })) await open.ShowsAsync();
        Learn();
        var exchange =
            new Exchange(All.Count + 1, line.GetProperty("method").GetString()!, line.GetProperty("target").GetString()!, Headers(line)) { Body = body };
        All.Add(exchange);
        _current[line.GetProperty("conn").GetInt32()] = exchange;
        exchange.Begin(app.Http, Ours);
    }

    private async Task EndAsync(Exchange exchange)
    {
        exchange.IsWhole = true;
        await exchange.EndsAsync();
        if (!exchange.AsksForState) return;
        // The recorded client asked after a while; we ask until the state is reached.
        List<string> last = [];
        await Within.Becomes(
            () =>
            {
                if (!exchange.HasEnded) return false;
                last = exchange.Ours();
                // A different status will not change by waiting.
                if (last[0] != expected(exchange)[0] || expected(exchange).SequenceEqual(last)) return true;
                exchange.Begin(app.Http, Ours);
                return false;
            },
            $"{exchange.What} had {string.Join(" | ", expected(exchange))}",
            () => string.Join(" | ", last));
    }

    /// <summary>Learns the names that the brokers chose: the recorded ones and ours.</summary>
    private void Learn()
    {
        foreach (Exchange exchange in All)
        {
            if (exchange.Events.Count > 0 && exchange.OurEvents is [var first, ..] && first.TryGetProperty("sessionId", out JsonElement id))
                _ids[exchange.Events[0].GetProperty("sessionId").GetString()!] = id.GetString()!;
        }
    }

    private string Ours(string text)
    {
        foreach ((string recorded, string ours) in _ids) text = text.Replace(recorded, ours, StringComparison.Ordinal);
        return text;
    }
}
