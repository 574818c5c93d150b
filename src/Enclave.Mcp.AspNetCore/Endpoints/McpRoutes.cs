using System.Net.ServerSentEvents;
using System.Text.Json;
using Enclave.Limits;
using Enclave.Mcp.AspNetCore.Access;
using Enclave.Mcp.AspNetCore.Diagnostics;
using Enclave.Mcp.AspNetCore.Sessions;
using Enclave.Mcp.Transports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.AspNetCore.Endpoints;

/// <summary>Answers the requests of Streamable HTTP: checks access first, then the request.</summary>
internal sealed class McpRoutes(
    RequestSettings settings, McpEndpointOptions options, OpenSessions sessions, StatelessRequests stateless, TimeProvider clock, ILogger log)
{
    private const string SessionHeader = "Mcp-Session-Id", RevisionHeader = "Mcp-Protocol-Version", EventHeader = "Last-Event-ID";

    /// <summary>The revisions with sessions. The library gets requests of other revisions: it answers later ones, and refuses unknown ones.</summary>
    private static readonly string[] s_revisions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    private readonly PageOrigins _origins = new(options);
    private readonly RequestRateLimiter _rate = new(options.RequestsPerMinute, clock);

    /// <summary>Wraps every route: checks origin, request rate and revision, and answers every error.</summary>
    public async Task HandleAsync(HttpContext context, Func<HttpContext, McpCaller, Task> route)
    {
        try
        {
            McpCaller caller = McpCaller.Of(context);
            RpcError? refusal = !_origins.Admit(context) ? RpcError.Origin : !_rate.TryTake(caller.Payer(context), out TimeSpan wait)
                ? RpcError.RateLimited(wait) : null;
            await (refusal?.SendAsync(context) ?? route(context, caller)).ConfigureAwait(false);
        }
        catch (BadHttpRequestException fault)
        {
            await new RpcError(fault.StatusCode, (int)McpErrorCode.InvalidRequest, fault.Message).SendAsync(context).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The body breaks off, or has invalid chunk sizes; or the client does not read.
            await RpcError.Invalid("the body cannot be read").SendAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client is gone, or the session has ended.
            context.Abort();
        }
#pragma warning disable CA1031 // A client gets JSON for every failure.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            EndpointLog.RequestFailed(log, fault);
            await new RpcError(StatusCodes.Status500InternalServerError, (int)McpErrorCode.InternalError, "the server failed; its log says why")
                .SendAsync(context).ConfigureAwait(false);
        }
    }

    /// <summary>Answers the preflight request of a page.</summary>
    public Task PreflightAsync(HttpContext context)
    {
        if (!_origins.Admit(context)) return RpcError.Origin.SendAsync(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public async Task PostAsync(HttpContext context, McpCaller caller)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type) || type.MediaType != "application/json")
        {
            await RpcError.MediaType.SendAsync(context).ConfigureAwait(false);
            return;
        }

        if (!Accepts(context, "application/json") || !Accepts(context, "text/event-stream"))
        {
            await RpcError.Unacceptable.SendAsync(context).ConfigureAwait(false);
            return;
        }

        (byte[]? body, RpcError? refusal) = await MessageBody.ReadAsync(context, options.MaxBodyBytes, caller.Payer(context), clock).ConfigureAwait(false);
        if (refusal is null && IsWithoutSession(context))
        {
            context.Request.Body = new MemoryStream(body!, writable: false);
            refusal = await stateless.AnswerAsync(context, caller.Payer(context)).ConfigureAwait(false);
            if (refusal is null) return;
        }

        JsonRpcMessage? message = null;
        if (refusal is null) (message, refusal) = MessageBody.Parse(body!);
        RequestId id = message is JsonRpcRequest request ? request.Id : default;
        HttpSession? session = null;
        if (refusal is null) (session, refusal) = await EnterOrOpenAsync(context, caller, message!).ConfigureAwait(false);
        if (refusal is not null)
        {
            await refusal.SendAsync(context, id).ConfigureAwait(false);
            return;
        }

        await PostAsync(context, session!, message!, id).ConfigureAwait(false);
    }

    /// <summary>Continues a stream that was cut.</summary>
    public async Task GetAsync(HttpContext context, McpCaller caller)
    {
        string lastEvent = context.Request.Headers[EventHeader].ToString();
        RpcError? refusal = IsWithoutSession(context) ? RpcError.OnlyPost : Accepts(context, "text/event-stream") ? null : RpcError.Unacceptable;
        HttpSession? session = null;
        if (refusal is null) (session, refusal) = Enter(context, caller);
        if (refusal is not null)
        {
            await refusal.SendAsync(context).ConfigureAwait(false);
            return;
        }

        try
        {
            if (lastEvent.Length == 0)
            {
                await RpcError.GetWithoutEvent.SendAsync(context).ConfigureAwait(false);
                return;
            }

            if (await session!.Events.GetStreamReaderAsync(lastEvent, context.RequestAborted).ConfigureAwait(false) is not { } reader)
            {
                await RpcError.UnknownEvent.SendAsync(context).ConfigureAwait(false);
                return;
            }

            BeginEvents(context, session);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await SseFormatter.WriteAsync(
                reader.ReadEventsAsync(context.RequestAborted),
                context.Response.Body,
                static (item, output) =>
                {
                    if (item.Data is null) return;
                    using var writer = new Utf8JsonWriter(output);
                    JsonSerializer.Serialize(writer, item.Data, McpContracts.Of<JsonRpcMessage>());
                },
                context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            session!.EndRequest();
        }
    }

    public async Task DeleteAsync(HttpContext context, McpCaller caller)
    {
        (HttpSession? session, RpcError? refusal) = IsWithoutSession(context) ? (null, RpcError.OnlyPost) : Enter(context, caller);
        // A session in full use can be ended, too.
        if (session is null)
        {
            await refusal!.SendAsync(context).ConfigureAwait(false);
            return;
        }

        await sessions.EndAsync(session).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static bool Accepts(HttpContext context, string type) =>
        MediaTypeHeaderValue.TryParseList(context.Request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted)
            && accepted.Any((range) => new MediaTypeHeaderValue(type).IsSubsetOf(range));

    private static bool IsWithoutSession(HttpContext context) =>
        context.Request.Headers[RevisionHeader].ToString() is { Length: > 0 } revision && !s_revisions.Contains(revision);

    private static void BeginEvents(HttpContext context, HttpSession session)
    {
        IHeaderDictionary headers = context.Response.Headers;
        (headers.ContentType, headers.CacheControl, headers[SessionHeader]) = ("text/event-stream", "no-cache, no-store", session.Id);
        // A proxy must not collect events.
        headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private async Task PostAsync(HttpContext context, HttpSession session, JsonRpcMessage message, RequestId id)
    {
        bool isOpening = message is JsonRpcRequest { Method: RequestMethods.Initialize };
        bool isAnswered = false;
        try
        {
            BeginEvents(context, session);
            isAnswered = await session.PostAsync(message, context.User, context.Response.Body, context.RequestAborted).ConfigureAwait(false);
            if (isAnswered) return;
            (context.Response.Headers.ContentType, context.Response.StatusCode) = (default, StatusCodes.Status202Accepted);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Parameters of another form, or the session ended meanwhile.
            await (fault is JsonException ? RpcError.Invalid("the parameters have another form") : RpcError.UnknownSession).SendAsync(context, id)
                .ConfigureAwait(false);
        }
        finally
        {
            session.EndRequest();
            // The session could not be opened: remove it.
            if (isOpening && !isAnswered) await sessions.EndAsync(session).ConfigureAwait(false);
        }
    }

    private async ValueTask<(HttpSession? Session, RpcError? Refusal)> EnterOrOpenAsync(HttpContext context, McpCaller caller, JsonRpcMessage message)
    {
        bool isOpening = message is JsonRpcRequest { Method: RequestMethods.Initialize };
        if (context.Request.Headers.ContainsKey(SessionHeader))
        {
            (HttpSession? session, RpcError? refusal) = Enter(context, caller);
            if (session is null || refusal is not null || !isOpening) return (session, refusal);
            session.EndRequest();
            return (null, RpcError.Reinitialized);
        }

        if (!isOpening) return (null, RpcError.NotInitialized);
        McpServerOptions server = await settings.OfSessionAsync(context).ConfigureAwait(false);
        return sessions.Open(caller, caller.Payer(context), server, out HttpSession? opened) switch
        {
            SessionOpening.Opened => (opened, null),
            SessionOpening.OwnerFull => (null, RpcError.OwnerFull(options.MaxSessionsPerOwner)),
            _ => (null, RpcError.Full(options.MaxSessions)),
        };
    }

    private (HttpSession? Session, RpcError? Refusal) Enter(HttpContext context, McpCaller caller)
    {
        string id = context.Request.Headers[SessionHeader].ToString();
        if (id.Length == 0) return (null, RpcError.NotInitialized);
        HttpSession? session = sessions.Enter(id, caller, out bool isBusy);
        return (session, session is null ? RpcError.UnknownSession : isBusy ? RpcError.Busy(options.MaxRequestsPerSession) : null);
    }
}
