using Enclave.Tests;

namespace Enclave.Client.UnitTests;

/// <summary>The server's side of a recording: sends every response as recorded, and not before the requests that preceded it.</summary>
internal sealed class CaptureServer(CaptureFile capture, IReadOnlyList<CapturedExchange> driven)
{
    private readonly Lock _gate = new();
    private readonly List<string> _extra = [];

    /// <summary>Requests that our client made and upstream's did not.</summary>
    public IReadOnlyList<string> Extra
    {
        get
        {
            lock (_gate) return [.. _extra];
        }
    }

    public async Task AnswerAsync(Exchange asked)
    {
        CapturedExchange? recorded = Find(asked);
        if (recorded is null)
        {
            await UnrecordedAsync(asked);
            return;
        }

        try
        {
            recorded.MarkArrived();
            await AfterAsync(recorded.AnswerLine);
            await AnswerAsync(asked, recorded);
        }
        finally
        {
            recorded.MarkDone();
        }
    }

    private async Task AnswerAsync(Exchange asked, CapturedExchange recorded)
    {
        asked.Status(recorded.Status).Type(recorded.ContentType);
        if (recorded.IsStream) await asked.BeginAsync();
        foreach ((int line, byte[] bytes) in recorded.Pieces)
        {
            await AfterAsync(line);
            await asked.SendRawAsync(bytes);
        }

        if (recorded.End == CapturedEnd.Complete) return;
        recorded.MarkDone();
        // This one was not cut: the recording ends while it is silent.
        if (recorded.End == CapturedEnd.LeftByClient || capture.Name == "client-heartbeat-timeout") await asked.HoldAsync();
        else asked.Cut();
    }

    private Task AfterAsync(int line) => Within.Deadline(
        Task.WhenAll(driven.Where((other) => other.Line < line).Select((other) => other.Arrived)), $"request of the recording before its line {line}");

    private CapturedExchange? Find(Exchange asked)
    {
        bool opens = asked.Route == "POST /sessions";
        string? code = opens ? asked.Json.GetProperty("code").GetString() : null;
        lock (_gate)
        {
            CapturedExchange? found = capture.Exchanges.FirstOrDefault((recorded) => !recorded.IsTaken && recorded.Method == asked.Method
                && (opens ? Opens(recorded) && (recorded.Code ?? "") == code : recorded.Path == asked.Path && AsksFor(recorded, asked)));
            if (found is not null) found.IsTaken = true;
            else _extra.Add(asked.Route);
            return found;
        }
    }

    /// <summary>True if this is the requested stream, and not the same session's stream from another number.</summary>
    private static bool AsksFor(CapturedExchange recorded, Exchange asked) =>
        recorded.IsByItself || !asked.Path.EndsWith("/stream", StringComparison.Ordinal)
            || asked.Line.Contains("filter=", StringComparison.Ordinal) == recorded.HasFilter
            && asked.Line.Contains(recorded.From > 0 ? $"fromSeq={recorded.From}" : "fromSeq=", StringComparison.Ordinal) == recorded.From > 0;

    /// <summary>
    /// A stopped broker does not answer. A running one does not know sessions that were never requested,
    /// but deletes those it has, as <c>http-delete-running</c> shows.
    /// </summary>
    private Task UnrecordedAsync(Exchange asked)
    {
        if (capture.Name == "http-reconnect-refused")
        {
            asked.Cut();
            return Task.CompletedTask;
        }

        bool isKnown = asked.Method == "DELETE" && capture.Exchanges.Any((recorded) => recorded.IsTaken && recorded.Session == asked.SessionId);
        return isKnown ? asked.AnswerAsync(200, $$"""{"success":true,"sessionId":"{{asked.SessionId}}"}""") : asked.AnswerAsync(404, "");
    }

    /// <summary>The demonstration has a route for each of its ways to run a script; the responses are alike.</summary>
    public static bool Opens(CapturedExchange recorded) =>
        recorded.Method == "POST" && recorded.Path is "/sessions" or "/sessions/lambda" or "/sessions/embedded";
}
