using System.Text;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Client.UnitTests;

/// <summary>Runs our client in place of upstream's: repeats the actions of the recorded callers in the same order.</summary>
internal sealed class CaptureRun(CaptureFile capture)
{
    private readonly List<(CapturedExchange Asked, Task<ClientSession> Session)> _sessions = [];
    private readonly List<Func<Task<string>>> _ours = [];
    private readonly List<string> _upstream = [];
    private readonly ManualClock? _clock = capture.Name == "client-heartbeat-timeout" ? new ManualClock() : null;

    /// <summary>The outcome of each operation, followed by the requests that differ.</summary>
    public async Task<(IReadOnlyList<string> Ours, IReadOnlyList<string> Upstream)> RunAsync()
    {
        CapturedExchange[] driven = [.. capture.Exchanges.Where((exchange) => !exchange.IsByItself && IsOurs(exchange))];
        var server = new CaptureServer(capture, driven);
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.Otherwise(server.AnswerAsync);
        await using EnclaveClient client = Client(broker, reconnects: true), stubborn = Client(broker, reconnects: false);
        foreach (CapturedExchange asked in driven)
        {
            await Within.Deadline(
                Task.WhenAll(driven.Where((other) => other.Line < asked.Line && other.AnswerLine < asked.Line && other.End == CapturedEnd.Complete
                    && other.Pieces.All((piece) => piece.Line < asked.Line)).Select((other) => other.Done)), $"answers before line {asked.Line}");
            Do(IsStubborn(asked) ? stubborn : client, asked);
            await Within.Deadline(asked.Arrived, $"{asked.Method} {asked.Path}");
        }

        if (capture.Name == "http-abort-signal") await SettledAsync(0);
        if (_clock is not null) await PassTimeAsync();
        var ours = new List<string>();
        foreach (Func<Task<string>> operation in _ours) ours.Add(await Within.Deadline(operation(), "result"));
        await client.DisposeAsync();
        ours.AddRange(server.Extra.Select((line) => $"also asked {line}"));
        _upstream.AddRange(
            capture.Exchanges.Where((exchange) => exchange.IsByItself && !exchange.IsTaken).Select((exchange) => $"also asked GET /sessions/*/stream"));
        return (ours, _upstream);
    }

    /// <summary>True if a client would make this request at all.</summary>
    private static bool IsOurs(CapturedExchange asked) => CaptureServer.Opens(asked)
        || (asked.SessionInPath ?? (asked.Path == "/sessions" ? "" : null)) is not null && asked.Method is "GET" or "DELETE"
        || asked.Path.EndsWith("/cancel", StringComparison.Ordinal);

    private bool IsStubborn(CapturedExchange asked) => capture.Name.StartsWith("client-status-", StringComparison.Ordinal)
        ? asked == capture.Exchanges[0]
        : capture.Name == "http-max-sessions-noretry" && asked == capture.Exchanges[1];

    private EnclaveClient Client(ScriptedBroker broker, bool reconnects) => new(new EnclaveClientOptions
    {
        BaseUrl = broker.BaseUrl,
        AutoReconnect = reconnects,
        ReconnectDelay = TimeSpan.FromMilliseconds(1),
        TimeProvider = _clock ?? TimeProvider.System,
    });

    private void Do(EnclaveClient client, CapturedExchange asked)
    {
        if (CaptureServer.Opens(asked)) Open(asked, "start", client.StartAsync(asked.Code ?? "", Options(asked)));
        else if (asked.Path.EndsWith("/stream", StringComparison.Ordinal))
            Open(asked, "resume", client.ResumeAsync(asked.SessionInPath!, asked.From, new ExecuteOptions { Filter = Filter(asked) }));
        else if (asked.Method == "POST") Say(CancelAsync(client, asked), asked.Status == 404 ? "cancel NotFound" : "cancel Cancelled");
        else if (asked.Method == "DELETE") Say(DeleteAsync(client, asked), asked.Status == 404 ? "delete False" : "delete True");
        else if (asked.Path == "/sessions") Say(ListAsync(client), $"list {Json(asked).GetProperty("sessions").GetArrayLength()}");
        else Say(GetAsync(client, asked), asked.Status switch
        {
            200 => $"get {Json(asked).GetProperty("state")} {Json(asked).GetProperty("stats").GetProperty("toolCallCount")}",
            404 => "get nothing",
            _ => $"get SESSION_ERROR Failed to get session: {asked.Status}",
        });
    }

    private void Open(CapturedExchange asked, string opening, Task<ClientSession> session)
    {
        _sessions.Add((asked, session));
        _ours.Add(async () => CaptureText.Of(await (await session).Completion));
        _upstream.Add(Upstream(asked, opening));
    }

    private void Say(Task<string> said, string upstream)
    {
        _ours.Add(() => said);
        _upstream.Add(upstream);
    }

    private string Upstream(CapturedExchange asked, string opening)
    {
        if (!asked.IsStream) return capture.Of(asked.Session) is { } refused
            ? CaptureText.Of(refused)
            : CaptureText.OfRefusal(opening, asked.Status, Encoding.UTF8.GetString([.. asked.Pieces.SelectMany((piece) => piece.Bytes)]));
        if (opening == "start" && capture.Of(asked.Session) is { } result) return CaptureText.Of(result);
        return capture.Outcome.TryGetProperty("client", out JsonElement pending) && pending.ValueKind == JsonValueKind.String
            ? "never settles"
            : CaptureText.OfStream(asked.Events);
    }

    /// <summary>A name that our client would not choose is left to it; the response then has another one.</summary>
    private static ExecuteOptions Options(CapturedExchange asked) => new()
    {
        SessionId = Streaming.StreamProtocol.IsSessionId(asked.Session) ? asked.Session : null,
        Filter = asked.Body.ValueKind == JsonValueKind.Object && asked.Body.TryGetProperty("filter", out JsonElement filter) ? filter : null,
    };

    private static JsonElement? Filter(CapturedExchange asked) => asked.HasFilter ? JsonDocument.Parse(asked.Query["filter"]).RootElement : null;

    private static JsonElement Json(CapturedExchange asked) => JsonDocument.Parse(asked.Pieces[0].Bytes).RootElement;

    private async Task<string> CancelAsync(EnclaveClient client, CapturedExchange asked)
    {
        string? reason = asked.Body.TryGetProperty("reason", out JsonElement text) ? text.GetString() : null;
        int running = _sessions.FindIndex((pair) => pair.Asked.Session == asked.SessionInPath);
        if (running < 0) return $"cancel {await client.CancelSessionAsync(asked.SessionInPath!, reason)}";
        ClientSession session = await SettledAsync(running);
        return $"cancel {await session.CancelAsync(reason)}";
    }

    /// <summary>Waits until everything sent so far has arrived, so that the next operation starts from the same state as upstream's.</summary>
    private async Task<ClientSession> SettledAsync(int index)
    {
        (CapturedExchange asked, Task<ClientSession> start) = _sessions[index];
        ClientSession session = await Within.Deadline(start, "answer to the request");
        long last = asked.Events.Last().GetProperty("seq").GetInt64();
        await Within.Becomes(() => session.NextSeq == last + 1, "all events have come");
        if (capture.Name == "http-abort-signal") await session.DisposeAsync();
        return session;
    }

    private async Task PassTimeAsync()
    {
        ClientSession session = await SettledAsync(0);
        await Within.Becomes(() =>
        {
            _clock!.Advance(TimeSpan.FromSeconds(1));
            return session.Completion.IsCompleted;
        }, "the silent connection was replaced");
    }

    private static async Task<string> DeleteAsync(EnclaveClient client, CapturedExchange asked) =>
        $"delete {await client.DeleteSessionAsync(asked.SessionInPath!)}";

    private static async Task<string> ListAsync(EnclaveClient client) => $"list {(await client.ListSessionsAsync()).Count}";

    private static async Task<string> GetAsync(EnclaveClient client, CapturedExchange asked)
    {
        try
        {
            SessionInfo? info = await client.GetSessionAsync(asked.SessionInPath!);
            return info is null ? "get nothing" : $"get {info.State.ToString().ToLowerInvariant()} {info.ToolCallCount}";
        }
        catch (EnclaveClientException refused)
        {
            return $"get {refused.Code} {refused.Message}";
        }
    }
}
