using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.AspNetCore.Endpoints;

/// <summary>Reads the one message of a request, up to a size and within a time.</summary>
internal static class MessageBody
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(30);

    /// <summary>Reads the bytes of the message; null and the reason if there are too many.</summary>
    /// <exception cref="BadHttpRequestException">The body did not arrive in time, or is not valid HTTP.</exception>
    public static async Task<(byte[]? Body, RpcError? Refusal)> ReadAsync(HttpContext context, int most, TimeProvider clock)
    {
        if (context.Request.ContentLength > most) return (null, RpcError.TooLarge(most));
        using var deadline = new CancellationTokenSource(s_time, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            byte[]? body = await ReadAsync(context.Request.BodyReader, most, end.Token).ConfigureAwait(false);
            return body is null ? (null, RpcError.TooLarge(most)) : (body, null);
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
            JsonRpcMessage? message = JsonSerializer.Deserialize<JsonRpcMessage>(body, McpJsonUtilities.DefaultOptions);
            return message is null ? (null, RpcError.Invalid("the body is null; it has to be one JSON-RPC message")) : (message, null);
        }
        catch (JsonException)
        {
            // Without the parser's words, which quote the body.
            return (null, RpcError.Invalid("the body is not one JSON-RPC message"));
        }
    }

    private static async ValueTask<byte[]?> ReadAsync(PipeReader reader, int most, CancellationToken token)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(token).ConfigureAwait(false);
            bool isTooLong = read.Buffer.Length > most;
            if (isTooLong || read.IsCompleted)
            {
                byte[]? body = isTooLong ? null : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
