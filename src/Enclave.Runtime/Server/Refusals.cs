using System.Text.Json;
using Enclave.Streaming;
using Microsoft.AspNetCore.Http;

namespace Enclave.Runtime.Server;

/// <summary>Writes responses that refuse a request: JSON with a code and a message.</summary>
internal static class Refusals
{
    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = BearerScheme.Name;
        return WriteJsonAsync(context, (writer) =>
        {
            writer.WriteString("code"u8, code);
            writer.WriteString("message"u8, message);
        });
    }

    public static async Task WriteJsonAsync(HttpContext context, Action<Utf8JsonWriter> members)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = output.Length;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.Body.WriteAsync(output.GetBuffer().AsMemory(0, (int)output.Length), context.RequestAborted).ConfigureAwait(false);
    }
}
