using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Streaming.Json;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Http;

/// <summary>Writes the JSON responses of all routes, errors included.</summary>
internal static class JsonResponses
{
    private const string ContentType = "application/json; charset=utf-8";

    public static Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, JsonWriting.Options)) write(writer);
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = output.WrittenCount;
        return response.Body.WriteAsync(output.WrittenMemory, context.RequestAborted).AsTask();
    }

    public static Task ErrorAsync(HttpContext context, BrokerError error)
    {
        // Too late for another status: part of the response is already sent.
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        if (error.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return JsonAsync(
            context,
            (writer) =>
            {
                writer.WriteStartObject();
                writer.WriteString("code"u8, error.Code);
                writer.WriteString("message"u8, error.Message);
                writer.WriteEndObject();
            },
            error.Status);
    }

    public static Task DoneAsync(HttpContext context, string sessionId) => JsonAsync(context, (writer) =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, true);
        writer.WriteString("sessionId"u8, sessionId);
        writer.WriteEndObject();
    });
}
