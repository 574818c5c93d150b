using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Errors;
using Enclave.Broker.Http;
using Enclave.Broker.Json;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Broker.Tools;
using Enclave.Streaming;
using Enclave.Streaming.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Endpoints;

/// <summary>The routes of sessions: who may ask, then what is asked.</summary>
internal sealed class BrokerRoutes(BrokerOptions options, SessionDirectory sessions, ISessionStore store, BrokerState state, ToolCatalogue catalogue, TimeProvider clock, ILogger log)
{
    private const int MaxIdCharacters = 200;

    private readonly long _begun = clock.GetTimestamp();
    private readonly Origins _origins = new(options);
    private readonly RequestRateLimiter _rate = new(options.RequestsPerMinute, clock);
    private readonly FilterQuotas _shares = new(options.MaxFilteredReadersPerOwner);
    private readonly EventStream _stream = new(options, clock, log);

    /// <summary>Around every route: origin, rate, and an answer whatever happens.</summary>
    public async Task HandleAsync(HttpContext context, Func<HttpContext, Caller, Task> route)
    {
        try
        {
            if (!_origins.Admit(context))
            {
                await JsonResponses.ErrorAsync(context, BrokerError.Origin).ConfigureAwait(false);
                return;
            }

            Caller caller = Caller.Of(context);
            if (!_rate.TryTake(caller.Payer(context), out TimeSpan wait))
            {
                await JsonResponses.ErrorAsync(context, BrokerError.RateLimited(wait)).ConfigureAwait(false);
                return;
            }

            await route(context, caller).ConfigureAwait(false);
        }
        catch (StoreException fault)
        {
            BrokerLog.StoreFailed(log, fault.Message);
            await JsonResponses.ErrorAsync(context, BrokerError.StoreUnavailable).ConfigureAwait(false);
        }
        catch (BadHttpRequestException fault)
        {
            await JsonResponses.ErrorAsync(context, new BrokerError(fault.StatusCode, "INVALID_REQUEST", fault.Message)).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            // The server could make nothing of the body: its chunks have no such sizes, say.
            await JsonResponses.ErrorAsync(context, BrokerError.Invalid($"the body cannot be read: {fault.Message}")).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
#pragma warning disable CA1031 // A client gets JSON, whatever failed.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            BrokerLog.RequestFailed(log, context.Request.Path, fault);
            await JsonResponses.ErrorAsync(context, BrokerError.Internal).ConfigureAwait(false);
        }
    }

    /// <summary>A page asks whether it may ask.</summary>
    public Task PreflightAsync(HttpContext context)
    {
        if (!_origins.Admit(context)) return JsonResponses.ErrorAsync(context, BrokerError.Origin);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public async Task CreateAsync(HttpContext context, Caller caller)
    {
        if (await BodyAsync(context).ConfigureAwait(false) is not { } body) return;

        if (SessionRequest.Read(body, out string problem) is not { } read || Keyed(context.Request, body, read, out problem) is not { } request)
        {
            await JsonResponses.ErrorAsync(context, BrokerError.Invalid(problem)).ConfigureAwait(false);
            return;
        }

        if (request.ClientTools.FirstOrDefault((tool) => !options.ClientTools.Contains(tool)) is { } foreign)
        {
            await JsonResponses.ErrorAsync(context, BrokerError.Invalid($"tools: '{foreign}' is not among those that a client may answer (ClientTools)")).ConfigureAwait(false);
            return;
        }

        // Before it is opened: nothing runs whose events nobody may read.
        await _shares.ReadAsync(context, caller, request.Filter, async (share) =>
        {
            (ISessionView? session, BrokerError? refusal) = await sessions.OpenAsync(caller, request, context.RequestAborted).ConfigureAwait(false);
            await (session is null ? JsonResponses.ErrorAsync(context, refusal!) : _stream.SendAsync(context, session, session.FirstKept, request.Filter, share, Leave(session))).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public async Task ListAsync(HttpContext context, Caller caller)
    {
        IReadOnlyList<ISessionView> known = await store.ListAsync(caller, context.RequestAborted).ConfigureAwait(false);
        await JsonResponses.JsonAsync(context, (writer) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("sessions"u8);
            foreach (ISessionView session in known) session.WriteInfo(writer);
            writer.WriteEndArray();
            writer.WriteNumber("total"u8, known.Count);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }

    public Task GetAsync(HttpContext context, Caller caller) => WithSession(context, caller, (session) => JsonResponses.JsonAsync(context, session.WriteInfo));

    public Task StreamAsync(HttpContext context, Caller caller) => WithSession(context, caller, async (session) =>
    {
        if (session.IsElsewhere && sessions.IsDraining)
        {
            await JsonResponses.ErrorAsync(context, BrokerError.Stopping).ConfigureAwait(false);
            return;
        }

        EventFilter? filter = null;
        if (context.Request.Query["filter"].FirstOrDefault() is { Length: > 0 } text && !TryFilter(text, out filter, out string problem))
        {
            await JsonResponses.ErrorAsync(context, BrokerError.Filter(problem)).ConfigureAwait(false);
            return;
        }

        long from = From(context.Request);
        long firstKept = session.FirstKept;
        // The first events of a long session may have made room; who asks for all of them is told.
        if (from > 0 && from < firstKept)
        {
            await JsonResponses.ErrorAsync(context, BrokerError.Expired(from, firstKept)).ConfigureAwait(false);
            return;
        }

        await _shares.ReadAsync(context, caller, filter, (share) => _stream.SendAsync(context, session, Math.Max(from, firstKept), filter, share, Leave(session))).ConfigureAwait(false);
    });

    /// <summary>A broker that stops keeps its readers to the end of what runs here, and sends the others away.</summary>
    private CancellationToken Leave(ISessionView session) => session.IsElsewhere ? sessions.Leaving : CancellationToken.None;

    public Task CancelAsync(HttpContext context, Caller caller) => WithSession(context, caller, async (session) =>
    {
        // Whatever the label says: known clients send JSON as text/plain.
        if (await BodyAsync(context).ConfigureAwait(false) is not { } body) return;

        await session.CancelAsync(SessionEnd.Cancelled(Reason(body)), context.RequestAborted).ConfigureAwait(false);
        await JsonResponses.DoneAsync(context, session.Id).ConfigureAwait(false);
    });

    public async Task DeleteAsync(HttpContext context, Caller caller)
    {
        string id = Id(context);
        bool removed = await store.RemoveAsync(caller, id, context.RequestAborted).ConfigureAwait(false);
        await (removed ? JsonResponses.DoneAsync(context, id) : JsonResponses.ErrorAsync(context, BrokerError.Unknown(id))).ConfigureAwait(false);
    }

    public Task ToolResultAsync(HttpContext context, Caller caller) => WithSession(context, caller, async (session) =>
    {
        if (await BodyAsync(context).ConfigureAwait(false) is not { } body) return;

        BrokerError? refusal = await session.AnswerAsync(body, context.RequestAborted).ConfigureAwait(false);
        await (refusal is null ? JsonResponses.DoneAsync(context, session.Id) : JsonResponses.ErrorAsync(context, refusal)).ConfigureAwait(false);
    });

    public Task ActionsAsync(HttpContext context, Caller caller) => JsonResponses.JsonAsync(context, (writer) => catalogue.WriteTo(writer, caller.Tenant));

    /// <summary>Whether it takes sessions, for whoever asks; how many it has, for clients and for this machine.</summary>
    public Task HealthAsync(HttpContext context, Caller caller)
    {
        string status = state.Text;
        bool known = caller.Owner is not null || (context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from));
        return JsonResponses.JsonAsync(
            context,
            (writer) =>
            {
                writer.WriteStartObject();
                writer.WriteString("status"u8, status);
                writer.WriteNumber("uptime"u8, (long)clock.GetElapsedTime(_begun).TotalMilliseconds);
                if (known)
                {
                    (int running, int all) = sessions.Count;
                    writer.WriteStartObject("sessions"u8);
                    writer.WriteNumber("active"u8, running);
                    writer.WriteNumber("total"u8, all);
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
            },
            status == BrokerState.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Whether the process answers. A new one would mend nothing that is away, so that neither runtimes nor the store are looked at.</summary>
    public Task LiveAsync(HttpContext context, Caller caller) => JsonResponses.JsonAsync(context, (writer) =>
    {
        writer.WriteStartObject();
        writer.WriteString("status"u8, "live");
        writer.WriteNumber("uptime"u8, (long)clock.GetElapsedTime(_begun).TotalMilliseconds);
        writer.WriteEndObject();
    });

    /// <summary>The whole body; null when it is too long, and the client has been told.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> BodyAsync(HttpContext context)
    {
        ReadOnlyMemory<byte>? body = await RequestBody.ReadAsync(context.Request, options.MaxBodyBytes, clock, context.RequestAborted).ConfigureAwait(false);
        if (body is null) await JsonResponses.ErrorAsync(context, BrokerError.TooLarge(options.MaxBodyBytes)).ConfigureAwait(false);
        return body;
    }

    private async Task WithSession(HttpContext context, Caller caller, Func<ISessionView, Task> route)
    {
        string id = Id(context);
        ISessionView? session = await store.FindAsync(caller, id, context.RequestAborted).ConfigureAwait(false);
        await (session is null ? JsonResponses.ErrorAsync(context, BrokerError.Unknown(id)) : route(session)).ConfigureAwait(false);
    }

    /// <summary>The request with its <c>Idempotency-Key</c>; null when that is none.</summary>
    private static SessionRequest? Keyed(HttpRequest http, ReadOnlyMemory<byte>? body, SessionRequest request, out string problem)
    {
        problem = "Idempotency-Key has 1 to 200 visible characters of ASCII";
        string? key = http.Headers["Idempotency-Key"];
        if (key is null) return request;
        return SessionRequest.IsKey(key) ? request with { IdempotencyKey = key, Digest = SHA256.HashData(body!.Value.Span) } : null;
    }

    private static string Id(HttpContext context)
    {
        string id = context.Request.RouteValues["id"] as string ?? "";
        return id.Length > MaxIdCharacters ? id[..MaxIdCharacters] : id;
    }

    /// <summary>The first number wanted; the names of it that peers use, and 1 for what is no number.</summary>
    private static long From(HttpRequest request)
    {
        foreach (string name in (string[])["fromSeq", "from"])
        {
            if (request.Query.TryGetValue(name, out var text)) return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long from) ? from : 0;
        }

        return long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out long last) && last < long.MaxValue ? last + 1 : 0;
    }

    private static bool TryFilter(string text, out EventFilter? filter, out string problem)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            bool known = EventFilter.TryParse(document.RootElement, out filter, out string? why);
            problem = why ?? "";
            return known;
        }
        catch (JsonException)
        {
            (filter, problem) = (null, "the filter is no JSON");
            return false;
        }
    }

    private static string? Reason(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadableJson.Readable(body));
            return document.RootElement.Text("reason");
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
