using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Errors;
using Enclave.Broker.Filters;
using Enclave.Broker.Http;
using Enclave.Broker.Json;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Broker.Tools;
using Enclave.Limits;
using Enclave.Streaming;
using Enclave.Streaming.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Endpoints;

/// <summary>Handles the session routes: checks access first, then the request.</summary>
internal sealed class BrokerRoutes(
    BrokerOptions options, SessionDirectory sessions, ISessionStore store, DurableSessions? durable, BrokerState state, ToolCatalogue catalogue,
    RequestBody bodies, TimeProvider clock, ILogger log)
{
    private const int MaxIdCharacters = 200;

    private readonly long _begun = clock.GetTimestamp();
    private readonly Origins _origins = new(options);
    private readonly RequestRateLimiter _rate = new(options.RequestsPerMinute, clock);
    private readonly FilterQuotas _shares = new(options.MaxFilteredReadersPerOwner);
    private readonly EventStream _stream = new(options, clock, log);

    /// <summary>Wraps every route: checks origin and request rate, and answers every error.</summary>
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
        catch (JournalException fault)
        {
            BrokerLog.StoreFailed(log, fault.Message);
            await JsonResponses.ErrorAsync(context, BrokerError.Of(fault)).ConfigureAwait(false);
        }
        catch (BadHttpRequestException fault)
        {
            await JsonResponses.ErrorAsync(context, new BrokerError(fault.StatusCode, SessionCode.InvalidRequest, fault.Message)).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            // The server could not read the body, for example because of invalid chunk sizes.
            await JsonResponses.ErrorAsync(context, BrokerError.Invalid($"the body cannot be read: {fault.Message}")).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
#pragma warning disable CA1031 // A client gets JSON for every failure.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            // Escaped: a decoded path may hold line breaks.
            BrokerLog.RequestFailed(log, context.Request.Path.ToUriComponent(), fault);
            await JsonResponses.ErrorAsync(context, BrokerError.Internal).ConfigureAwait(false);
        }
    }

    /// <summary>Answers the preflight request of a page.</summary>
    public Task PreflightAsync(HttpContext context)
    {
        if (!_origins.Admit(context)) return JsonResponses.ErrorAsync(context, BrokerError.Origin);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public async Task CreateAsync(HttpContext context, Caller caller)
    {
        if (await OpenAsync(context, caller).ConfigureAwait(false) is not var (session, filter, share)) return;
        try
        {
            await _stream.SendAsync(context, session, session.FirstKept, filter, share, LeaveToken(session)).ConfigureAwait(false);
        }
        finally
        {
            _shares.Release(share);
        }
    }

    /// <summary>Opens the session that a body asks for; null if it is refused, after the client got its error.</summary>
    /// <remarks>A method of its own, so that a slow reader of the session does not hold its program, which may be as large as a body.</remarks>
    private async ValueTask<(ISessionView Session, EventFilter? Filter, FilterQuota? Share)?> OpenAsync(HttpContext context, Caller caller)
    {
        if (await bodies.TakeAsync(context).ConfigureAwait(false) is not { } body) return null;

        if (SessionRequest.Read(body, options.ClientTools, out string problem) is not { } read
            || WithIdempotencyKey(context.Request, body, read, out problem) is not { } request)
        {
            await JsonResponses.ErrorAsync(context, BrokerError.Invalid(problem)).ConfigureAwait(false);
            return null;
        }

        // Reserved before the session opens: a session must not run if its events cannot be read.
        ISessionView? session = null;
        if (_shares.TryReserve(caller.Payer(context), request.Filter, out FilterQuota? share, out BrokerError? refusal))
        {
            try
            {
                (session, refusal) = await OpenAsync(caller, request, context.RequestAborted).ConfigureAwait(false);
            }
            finally
            {
                if (session is null) _shares.Release(share);
            }
        }

        if (session is not null) return (session, request.Filter, share);
        await JsonResponses.ErrorAsync(context, refusal!).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<(ISessionView? Session, BrokerError? Refusal)> OpenAsync(
        Caller caller, SessionRequest request, CancellationToken cancellationToken)
    {
        if (!request.Durable) return await sessions.OpenAsync(caller, request, cancellationToken).ConfigureAwait(false);
        if (durable is null) return (null, BrokerError.NotDurable);
        if (sessions.IsDraining) return (null, BrokerError.Stopping);
        return await durable.OpenAsync(caller, request, cancellationToken).ConfigureAwait(false);
    }

    public async Task ListAsync(HttpContext context, Caller caller)
    {
        IReadOnlyList<ISessionView> known = await store.ListAsync(caller, context.RequestAborted).ConfigureAwait(false);
        if (durable is not null) known = [.. known, .. await durable.ListAsync(caller, context.RequestAborted).ConfigureAwait(false)];
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

    public Task GetAsync(HttpContext context, Caller caller) => WithSession(context, caller, async (session) =>
    {
        BrokerError? refusal = session is JournalSession journal ? (await journal.LoadAsync(context.RequestAborted).ConfigureAwait(false)).Refusal : null;
        await (refusal is null ? JsonResponses.JsonAsync(context, session.WriteInfo) : JsonResponses.ErrorAsync(context, refusal)).ConfigureAwait(false);
    });

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
        // A long session may have dropped its first events. A reader that asks for them gets an error.
        if (from > 0 && from < firstKept)
        {
            await JsonResponses.ErrorAsync(context, BrokerError.Expired(from, firstKept)).ConfigureAwait(false);
            return;
        }

        if (!_shares.TryReserve(caller.Payer(context), filter, out FilterQuota? share, out BrokerError? refusal))
        {
            await JsonResponses.ErrorAsync(context, refusal).ConfigureAwait(false);
            return;
        }

        try
        {
            await _stream.SendAsync(context, session, Math.Max(from, firstKept), filter, share, LeaveToken(session)).ConfigureAwait(false);
        }
        finally
        {
            _shares.Release(share);
        }
    });

    /// <summary>A draining broker keeps readers of its own sessions to the end, and disconnects the others.</summary>
    private CancellationToken LeaveToken(ISessionView session) => session.IsElsewhere ? sessions.Leaving : CancellationToken.None;

    public Task CancelAsync(HttpContext context, Caller caller) => WithSession(context, caller, async (session) =>
    {
        // The content type is not checked: known clients send JSON as text/plain.
        if (await bodies.TakeAsync(context).ConfigureAwait(false) is not { } body) return;

        await session.CancelAsync(SessionEnd.Cancelled(Reason(body)), context.RequestAborted).ConfigureAwait(false);
        await JsonResponses.DoneAsync(context, session.Id).ConfigureAwait(false);
    });

    public async Task DeleteAsync(HttpContext context, Caller caller)
    {
        string id = Id(context);
        bool removed = await store.RemoveAsync(caller, id, context.RequestAborted).ConfigureAwait(false)
            || (durable is not null && await durable.RemoveAsync(caller, id, context.RequestAborted).ConfigureAwait(false));
        await (removed ? JsonResponses.DoneAsync(context, id) : JsonResponses.ErrorAsync(context, BrokerError.Unknown(id))).ConfigureAwait(false);
    }

    public Task ToolResultAsync(HttpContext context, Caller caller) => WithSession(context, caller, async (session) =>
    {
        if (await bodies.TakeAsync(context).ConfigureAwait(false) is not { } body) return;

        BrokerError? refusal = await session.AnswerAsync(body, context.RequestAborted).ConfigureAwait(false);
        await (refusal is null ? JsonResponses.DoneAsync(context, session.Id) : JsonResponses.ErrorAsync(context, refusal)).ConfigureAwait(false);
    });

    public Task ActionsAsync(HttpContext context, Caller caller) => JsonResponses.JsonAsync(context, (writer) => catalogue.WriteTo(writer, caller.Tenant));

    /// <summary>Reports whether the broker accepts sessions, and counts them, for clients and probes.</summary>
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

    /// <summary>Reports whether the process responds. Runtimes and store are not checked: a restart would not repair them.</summary>
    public Task LiveAsync(HttpContext context, Caller caller) => JsonResponses.JsonAsync(context, (writer) =>
    {
        writer.WriteStartObject();
        writer.WriteString("status"u8, "live");
        writer.WriteNumber("uptime"u8, (long)clock.GetElapsedTime(_begun).TotalMilliseconds);
        writer.WriteEndObject();
    });

    private async Task WithSession(HttpContext context, Caller caller, Func<ISessionView, Task> route)
    {
        string id = Id(context);
        ISessionView? session = await store.FindAsync(caller, id, context.RequestAborted).ConfigureAwait(false);
        if (session is null && durable is not null) session = await durable.FindAsync(caller, id, context.RequestAborted).ConfigureAwait(false);
        await (session is null ? JsonResponses.ErrorAsync(context, BrokerError.Unknown(id)) : route(session)).ConfigureAwait(false);
    }

    /// <summary>Adds the <c>Idempotency-Key</c> to the request; null if the key is invalid.</summary>
    private static SessionRequest? WithIdempotencyKey(HttpRequest http, ReadOnlyMemory<byte>? body, SessionRequest request, out string problem)
    {
        problem = "Idempotency-Key must have 1 to 200 visible ASCII characters";
        string? key = http.Headers["Idempotency-Key"];
        if (key is null) return request;
        return SessionRequest.IsKey(key) ? request with { IdempotencyKey = key, Digest = SHA256.HashData(body!.Value.Span) } : null;
    }

    private static string Id(HttpContext context)
    {
        string id = context.Request.RouteValues["id"] as string ?? "";
        return id.Length > MaxIdCharacters ? id[..MaxIdCharacters] : id;
    }

    /// <summary>The first event number wanted. Accepts the parameter names that peers use; 1 if the value is not a number.</summary>
    private static long From(HttpRequest request)
    {
        foreach (string name in (string[])["fromSeq", "from"])
        {
            if (request.Query.TryGetValue(name, out var text))
                return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long from) ? from : 0;
        }

        return long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out long last) && last < long.MaxValue
            ? last + 1
            : 0;
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
            (filter, problem) = (null, "the filter is not valid JSON");
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
