using System.Text.Json;
using Enclave.Limits;
using Enclave.Mcp.Transports;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.AspNetCore.Endpoints;

/// <summary>Reads the one message of a request, up to a size and within a time, and all that arrive at the same time up to a sum.</summary>
internal static class MessageBody
{
    /// <summary>The largest <see cref="McpEndpointOptions.MaxBodyBytes"/>.</summary>
    private const int MaxBody = 64 << 20;

    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(30);

    /// <summary>All endpoints of the process share its memory.</summary>
    private static readonly BodyBudget s_budget = new(MaxBody);

    private static readonly RpcError s_full = new(
        StatusCodes.Status503ServiceUnavailable, (int)McpErrorCode.InternalError, "too many large bodies arrive at the same time: try again later")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>Reads the bytes of the message; null and the reason if there are too many, of this message or of all that arrive.</summary>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time, or is not valid HTTP.</exception>
    public static async Task<(byte[]? Body, RpcError? Refusal)> ReadAsync(HttpContext context, int most, string payer, TimeProvider clock)
    {
        if (context.Request.ContentLength > most) return (null, RpcError.TooLarge(most));
        using var deadline = new CancellationTokenSource(s_time, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            (byte[]? body, bool isTooLarge) = await s_budget.ReadAsync(context.Request.BodyReader, most, payer, end.Token).ConfigureAwait(false);
            return (body, body is not null ? null : isTooLarge ? RpcError.TooLarge(most) : s_full);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException($"the body did not arrive within {s_time.TotalSeconds:0} s", StatusCodes.Status408RequestTimeout);
        }
    }

    /// <summary>Reads the message; null and the reason if there is none.</summary>
    public static (JsonRpcMessage? Message, RpcError? Refusal) Parse(byte[] body)
    {
        try
        {
            JsonRpcMessage? message = JsonSerializer.Deserialize(body, McpContracts.Of<JsonRpcMessage>());
            return message is null ? (null, RpcError.Invalid("the body is null; it has to be one JSON-RPC message")) : (message, null);
        }
        catch (JsonException)
        {
            // Without the parser's words, which quote the body.
            return (null, RpcError.Invalid("the body is not one JSON-RPC message"));
        }
    }
}
