using System.Globalization;
using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Broker.Http;
using Enclave.Broker.Sessions;
using Enclave.Journals;
using Enclave.SessionWire;
using Enclave.Streaming;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Endpoints;

/// <summary>The durable runs of all tenants, for their operator: lists, timelines, answers, cancels.</summary>
internal sealed class RunRoutes(IEnclave enclave, RequestBody bodies, TimeProvider clock)
{
    private const int MaxEntries = 500, MaxListedWaits = 5, MaxWaits = 100, ShownCharacters = 2000;

    /// <summary>Answers a page of runs.</summary>
    public async Task ListAsync(HttpContext context)
    {
        IQueryCollection asked = context.Request.Query;
        if (!TryQuery(asked, out RunQuery query))
        {
            await JsonResponses.ErrorAsync(context, BrokerError.Invalid(
                "state must be running, suspended, compensating or ended, before a time in milliseconds, and limit 1 to 1000")).ConfigureAwait(false);
            return;
        }

        IReadOnlyList<DurableRun> runs = await enclave.Runs.ListAsync(query, context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, (writer) =>
        {
            WriteTime(writer);
            writer.WriteStartArray("runs"u8);
            foreach (DurableRun run in runs)
            {
                writer.WriteStartObject();
                Write(writer, run, MaxListedWaits);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }).ConfigureAwait(false);
    }

    /// <summary>Answers the timeline of one run: its journal, with values cut after some thousand characters.</summary>
    public async Task ShowAsync(HttpContext context)
    {
        IQueryCollection asked = context.Request.Query;
        RunKey key = KeyOf(asked);
        if (await enclave.Runs.Host.ReadAsync(key, context.RequestAborted).ConfigureAwait(false) is not var (row, history))
        {
            await JsonResponses.ErrorAsync(context, Unknown(key)).ConfigureAwait(false);
            return;
        }

        int from = int.TryParse(asked["from"], NumberStyles.None, CultureInfo.InvariantCulture, out int first) && first > 0 ? first : 1;
        await AnswerAsync(context, (writer) =>
        {
            WriteTime(writer);
            Write(writer, DurableRun.Of(row), MaxWaits);
            // Entries are never changed, but a run that starts over, or a new one of its name, begins another journal.
            writer.WriteString("journal"u8, row.Journal);
            writer.WriteString("runId"u8, history.Opened.RunId);
            writer.WriteString("code"u8, Shown(history.Opened.Code));
            writer.WriteStartArray("timeline"u8);
            for (int i = from - 1; i < Math.Min(history.Entries.Count, from - 1L + MaxEntries); i++)
            {
                writer.WriteStartObject();
                writer.WriteNumber("number"u8, i + 1);
                Write(writer, history.Entries[i]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }).ConfigureAwait(false);
    }

    /// <summary>Gives an answer to whatever waits for its token: a tool, a signal or an approval.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (await bodies.TakeAsync(context).ConfigureAwait(false) is not { } body) return;
        if (ToolAnswer.Read(body, "token", out BrokerError? malformed) is not { } answer)
        {
            await JsonResponses.ErrorAsync(context, malformed!).ConfigureAwait(false);
            return;
        }

        try
        {
            await enclave.AnswerAsync(answer.Call, answer.Outcome, context.RequestAborted).ConfigureAwait(false);
        }
        catch (ArgumentException wrong)
        {
            await JsonResponses.ErrorAsync(context, BrokerError.Invalid(wrong.Message)).ConfigureAwait(false);
            return;
        }

        await AnswerAsync(context, static (writer) => writer.WriteBoolean("answered"u8, true)).ConfigureAwait(false);
    }

    /// <summary>Cancels a run.</summary>
    public async Task CancelAsync(HttpContext context)
    {
        RunKey key = KeyOf(context.Request.Query);
        bool isCancelled = await enclave.Runs.CancelAsync(key.Name, key.Tenant, context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, (writer) => writer.WriteBoolean("cancelled"u8, isCancelled)).ConfigureAwait(false);
    }

    /// <summary>Removes a run that has ended.</summary>
    public async Task DeleteAsync(HttpContext context)
    {
        RunKey key = KeyOf(context.Request.Query);
        bool isRemoved = await enclave.Runs.DeleteAsync(key.Name, key.Tenant, context.RequestAborted).ConfigureAwait(false);
        await (isRemoved
            ? AnswerAsync(context, static (writer) => writer.WriteBoolean("deleted"u8, true))
            : JsonResponses.ErrorAsync(context, new BrokerError(
                StatusCodes.Status409Conflict, SessionCode.InvalidRequest, "no run of this name has ended: cancel it first"))).ConfigureAwait(false);
    }

    private void WriteTime(Utf8JsonWriter writer) => writer.WriteNumber("time"u8, clock.GetUtcNow().ToUnixTimeMilliseconds());

    private static BrokerError Unknown(RunKey key) =>
        new(StatusCodes.Status404NotFound, SessionCode.NotFound, $"there is no durable run {Shown(key.Name)} of this tenant");

    // A parameter that is missing is null: a run without a tenant.
    private static RunKey KeyOf(IQueryCollection asked) => new(asked["tenant"], (string?)asked["name"] ?? "");

    private static bool TryQuery(IQueryCollection asked, out RunQuery query)
    {
        query = new RunQuery { AllTenants = !asked.ContainsKey("tenant"), Tenant = asked["tenant"] };
        if (asked.TryGetValue("state", out var state))
        {
            // A number would be taken for the state that it stands for.
            if (!((string?)state ?? "").All(char.IsAsciiLetter)) return false;
            if (!Enum.TryParse(state, ignoreCase: true, out DurableRunState named) || !Enum.IsDefined(named)) return false;
            query = query with { State = named };
        }

        if (asked.TryGetValue("before", out var before))
        {
            if (!long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out long time)) return false;
            if (time > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
            query = query with { Before = DateTimeOffset.FromUnixTimeMilliseconds(time) };
        }

        if (!asked.TryGetValue("limit", out var limit)) return true;
        bool isNumber = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out int most);
        query = query with { Limit = most };
        return isNumber && most is >= 1 and <= 1000;
    }

    private static void Write(Utf8JsonWriter writer, DurableRun run, int maxWaits)
    {
        writer.WriteString("name"u8, WireJson.Text(run.Name));
        writer.WriteString("tenant"u8, run.Tenant is { } tenant ? WireJson.Text(tenant) : null);
        writer.WriteString("state"u8, JsonNamingPolicy.CamelCase.ConvertName(run.State.ToString()));
        writer.WriteString("outcome"u8, run.Outcome);
        writer.WriteNumber("created"u8, run.Created.ToUnixTimeMilliseconds());
        writer.WriteNumber("changed"u8, run.Changed.ToUnixTimeMilliseconds());
        if (run.Due is { } due && due > StoredRun.Always) writer.WriteNumber("due"u8, due.ToUnixTimeMilliseconds());
        writer.WriteNumber("entries"u8, run.Entries);
        writer.WriteNumber("bytes"u8, run.Bytes);
        writer.WriteNumber("waitCount"u8, run.Waits.Count);
        WaitsJson.Write(writer, [.. run.Waits.Take(maxWaits)], static (writer, wait) => writer.WriteString("token"u8, wait.Token));
    }

    private static void Write(Utf8JsonWriter writer, JournalEntry entry)
    {
        switch (entry)
        {
            case JournalEntry.Opened opened:
                Begin("opened", DateTimeOffset.FromUnixTimeMilliseconds(opened.Start));
                writer.WriteString("level"u8, opened.Level.ToString());
                writer.WriteString("engine"u8, opened.Engine);
                writer.WriteString("version"u8, opened.Version);
                break;
            case JournalEntry.Happened { Event: ToolCallEvent call }:
                Begin("called", call.Time);
                writer.WriteString("callId"u8, call.CallId);
                writer.WriteString("tool"u8, Shown(call.Name));
                writer.WriteString("args"u8, Shown(WireJson.Args(call.Args).GetRawText()));
                break;
            case JournalEntry.Happened { Event: ToolResultEvent answer }:
                Begin("answered", answer.Time);
                writer.WriteString("callId"u8, answer.CallId);
                if (answer.Failure is { } failure)
                {
                    writer.WriteString("error"u8, Shown(failure.Message));
                    writer.WriteString("code"u8, failure.Code is { } code ? Shown(code) : null);
                }
                else
                {
                    writer.WriteString("value"u8, Shown(WireJson.Of(answer.Value)?.GetRawText() ?? ""));
                }

                break;
            case JournalEntry.Happened { Event: ConsoleEvent line }:
                Begin("printed", line.Time);
                writer.WriteString("text"u8, Shown(line.Text));
                break;
            case JournalEntry.Happened { Event: NoticeEvent notice }:
                Begin(JsonNamingPolicy.CamelCase.ConvertName(notice.Kind.ToString()), notice.Time);
                if (notice.CallId is { } about) writer.WriteString("callId"u8, about);
                if (notice.Name is { } named) writer.WriteString("name"u8, Shown(named));
                if (notice.Message is { } message) writer.WriteString("text"u8, Shown(message));
                break;
            case JournalEntry.Failing failing:
                Begin("failing", failing.Time);
                writer.WriteString("error"u8, Shown(failing.Error));
                break;
            case JournalEntry.Waiting { Wait: var wait }:
                Begin("waiting", null);
                writer.WriteString("callId"u8, ToolCallEvent.IdOf(wait.Call));
                writer.WriteString("kind"u8, JsonNamingPolicy.CamelCase.ConvertName(wait.Kind.ToString()));
                writer.WriteString("name"u8, Shown(wait.Name));
                if (wait.Until is { } until) writer.WriteNumber("until"u8, until.ToUnixTimeMilliseconds());
                break;
            case JournalEntry.Decided decided:
                Begin("decided", null);
                writer.WriteString("callId"u8, ToolCallEvent.IdOf(decided.Call));
                break;
            case JournalEntry.Suspended suspended:
                Begin("suspended", null);
                writer.WriteNumber("leftMs"u8, (long)suspended.Left.TotalMilliseconds);
                break;
            case JournalEntry.Resumed resumed:
                Begin("resumed", resumed.Time);
                writer.WriteString("engine"u8, resumed.Engine);
                writer.WriteString("version"u8, resumed.Version);
                break;
            case JournalEntry.Ended ended:
                Begin("ended", null);
                if (ended.Error is { } error) writer.WriteString("error"u8, Shown(error));
                else writer.WriteString("value"u8, Shown(WireJson.Of(ended.Value)?.GetRawText() ?? ""));
                break;
            default:
                Begin(JsonNamingPolicy.CamelCase.ConvertName(entry.GetType().Name), null);
                break;
        }

        void Begin(string kind, DateTimeOffset? time)
        {
            writer.WriteString("type"u8, kind);
            if (time is { } known) writer.WriteNumber("time"u8, known.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>The beginning of a text, without half of a character.</summary>
    private static string Shown(string text) => WireJson.Text(text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…");

    private static Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> members)
    {
        context.Response.Headers.CacheControl = "no-store";
        return JsonResponses.JsonAsync(context, (writer) =>
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        });
    }
}
