using System.Net;
using System.Text.Json;
using Enclave.Cluster.Tests.Servers;

namespace Enclave.Cluster.Tests.Load;

/// <summary>
/// One client with one session: opens it with an <c>Idempotency-Key</c> at a broker, reads its events, continues at another broker after an interruption,
/// and answers tool calls, until it has the last event.
/// </summary>
internal sealed class SessionClient(PlannedSession planned, Brokers brokers, ToolRunner tools, RecordFile<ClientRecord> log, int first)
{
    /// <summary>The broker sends a heartbeat every second.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(5), s_pause = TimeSpan.FromMilliseconds(150);

    private int _turn = first;
    private bool _isOpen;
    private long _last;

    /// <summary>Runs until it has the last event or the time is over.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = new List<Task>();
        try
        {
            while (!await TryAsync(brokers.At(_turn++), work, ended.Token)) await Task.Delay(s_pause, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log(default, ClientRecordKind.GaveUp, $"after event {_last}");
        }

        await ended.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Reads over one connection. Returns true if the last event arrived.</summary>
    private async Task<bool> TryAsync(BrokerAddress broker, List<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await AskAsync(broker, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                ClientRecordKind kind = _isOpen && answer.StatusCode == HttpStatusCode.NotFound ? ClientRecordKind.Missing : ClientRecordKind.Refused;
                Log(broker, kind, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
                return kind == ClientRecordKind.Missing;
            }

            if (!_isOpen) Log(broker, ClientRecordKind.Opened, "");
            _isOpen = true;
            var lines = new LineReader(await answer.Content.ReadAsStreamAsync(cancellationToken), s_silence);
            while (await lines.ReadAsync(cancellationToken) is { } line)
            {
                Log(broker, ClientRecordKind.Line, line);
                if (Take(line, broker, work, cancellationToken))
                {
                    Log(broker, ClientRecordKind.Done, "");
                    return true;
                }
            }

            Log(broker, ClientRecordKind.Dropped, "the stream ended");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TimeoutException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Log(broker, _isOpen ? ClientRecordKind.Dropped : ClientRecordKind.Refused, fault.GetBaseException().Message);
        }

        return false;
    }

    private Task<HttpResponseMessage> AskAsync(BrokerAddress broker, CancellationToken cancellationToken)
    {
        if (_isOpen)
        {
            Log(broker, ClientRecordKind.Resuming, $"{_last + 1}");
            return brokers.SendAsync(
                broker, planned.Tenant, HttpMethod.Get, $"/sessions/{planned.Id}/stream?fromSeq={_last + 1}", null, null, cancellationToken);
        }

        Log(broker, ClientRecordKind.Opening, planned.Kind.ToString());
        string body = JsonSerializer.Serialize(
            new { code = planned.Code, sessionId = planned.Id, tools = new[] { ClusterProcess.Tool }, limits = new { heartbeatIntervalMs = 1000 } });
        return brokers.SendAsync(broker, planned.Tenant, HttpMethod.Post, "/sessions", body, planned.Nonce, cancellationToken);
    }

    /// <summary>Reacts to a line, also to a repeated one. Returns true if it is the last.</summary>
    private bool Take(string line, BrokerAddress from, List<Task> work, CancellationToken cancellationToken)
    {
        using var happened = JsonDocument.Parse(line);
        JsonElement root = happened.RootElement;
        _last = Math.Max(_last, root.GetProperty("seq").GetInt64());
        string type = root.GetProperty("type").GetString()!;
        if (type != "tool_call") return type == "final";

        JsonElement call = root.GetProperty("payload"), args = call.GetProperty("args");
        if (call.GetProperty("toolName").GetString() != ClusterProcess.Tool) return false;
        int step = args.GetProperty("step").GetInt32();
        work.Add(step == Script.Unanswered
            ? tools.CancelAsync(planned, from, cancellationToken)
            : tools.CarryOutAsync(planned, call.GetProperty("callId").GetString()!,
                args.GetProperty("nonce").GetString()!, step, TimeSpan.FromMilliseconds(args.GetProperty("wait").GetInt32()), from, cancellationToken));
        return false;
    }

    private void Log(BrokerAddress broker, ClientRecordKind kind, string text) =>
        log.Add(new ClientRecord(Clock.Now, planned.Tenant, planned.Id, broker.Name ?? "", kind, text));
}
