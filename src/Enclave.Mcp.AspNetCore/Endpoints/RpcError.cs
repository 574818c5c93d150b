using System.Globalization;
using System.Text.Json;
using Enclave.Mcp.Transports;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.AspNetCore.Endpoints;

/// <summary>An error response: an HTTP status and a JSON-RPC error.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code of JSON-RPC.</param>
/// <param name="Message">The message, for people, with the remedy.</param>
internal sealed record RpcError(int Status, int Code, string Message)
{
    /// <summary>JSON-RPC leaves codes from -32000 to -32099 to servers. Clients of this protocol expect these two.</summary>
    private const int Refused = -32000, NoSession = -32001;

    /// <summary>When to try again; null if that would not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The methods of the path; null if the method was right.</summary>
    public string? Allow { get; init; }

    public static RpcError Origin { get; } = new(
        StatusCodes.Status403Forbidden, Refused, "pages of this origin may not use this server (AllowedOrigins)");

    public static RpcError Unacceptable { get; } = new(
        StatusCodes.Status406NotAcceptable, Refused, "send Accept: application/json, text/event-stream");

    public static RpcError MediaType { get; } = new(StatusCodes.Status415UnsupportedMediaType, Refused, "send Content-Type: application/json");

    public static RpcError NotInitialized { get; } = new(
        StatusCodes.Status400BadRequest, Refused, "there is no Mcp-Session-Id: open a session with initialize first");

    public static RpcError Reinitialized { get; } = new(
        StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidRequest,
            "this session is open already: send initialize without Mcp-Session-Id for another one");

    /// <summary>Also for sessions of other callers, so that a caller does not learn that they exist.</summary>
    public static RpcError UnknownSession { get; } = new(
        StatusCodes.Status404NotFound, NoSession, "there is no such session, or it has ended: open another one with initialize");

    public static RpcError GetWithoutEvent { get; } = new(
        StatusCodes.Status405MethodNotAllowed, Refused, "this server sends nothing on its own: GET only continues a stream, with Last-Event-ID")
    { Allow = "POST, GET, DELETE" };

    public static RpcError OnlyPost { get; } = new(
        StatusCodes.Status405MethodNotAllowed, Refused, "this revision of the protocol has neither sessions nor streams to continue: send POST")
    { Allow = "POST" };

    public static RpcError UnknownEvent { get; } = new(
        StatusCodes.Status400BadRequest, Refused, "this Last-Event-ID is not one of this session, or what came after it is not kept any more");

    public static RpcError Invalid(string problem) => new(StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidRequest, problem);

    public static RpcError TooLarge(int most) => new(
        StatusCodes.Status413PayloadTooLarge, Refused, $"the body is larger than {most} bytes (MaxBodyBytes)");

    public static RpcError RateLimited(TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests, Refused, "too many requests in a minute (RequestsPerMinute)")
    { RetryAfter = wait };

    public static RpcError Busy(int most) => new(
        StatusCodes.Status429TooManyRequests, Refused, $"{most} requests of this session are open (MaxRequestsPerSession)")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    public static RpcError OwnerFull(int most) => new(
        StatusCodes.Status429TooManyRequests, Refused, $"{most} sessions of yours are in use (MaxSessionsPerOwner): end one with DELETE")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    public static RpcError Full(int most) => new(
        StatusCodes.Status503ServiceUnavailable, Refused, $"{most} sessions are open (MaxSessions), or the server is stopping")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>Sends the error. If a part of the response was sent already, ends the connection instead.</summary>
    public async Task SendAsync(HttpContext context, RequestId id = default)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        HttpResponse response = context.Response;
        if (RetryAfter is { } wait) response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (Allow is not null) response.Headers.Allow = Allow;
        var error = new JsonRpcError { Id = id, Error = new JsonRpcErrorDetail { Code = Code, Message = Message } };
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(error, McpContracts.Of<JsonRpcMessage>());
        (response.StatusCode, response.ContentType, response.ContentLength) = (Status, "application/json; charset=utf-8", body.Length);
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
