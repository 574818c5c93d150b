using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Schemas;
using Enclave.Tools;

namespace Enclave.OpenApi;

/// <summary>
/// Reads a service's answer for the script: JSON or text within its size, or a failure with the status as its code. Headers are not passed on.
/// </summary>
internal sealed class ServiceAnswer(OperationPlan plan, HttpResponseMessage response, ToolContext context)
{
    private static readonly string[] s_explaining = ["detail", "title", "message", "error_description", "error"];

    /// <exception cref="ToolException">The answer is a failure, or a script cannot receive it.</exception>
    public async Task<ScriptValue> ReadAsync(CancellationToken token)
    {
        // A client of the application may follow a redirect anyway. Content from another address is not an answer.
        if (response.RequestMessage?.RequestUri is { } asked && !plan.Address.IsOf(asked))
            throw Failure(ToolCode.HttpRedirected, "the answer came from another address");
        int status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode) throw Failure($"HTTP_{status}", await ExplainedAsync($"the service answered {status}", token).ConfigureAwait(false));
        if (plan.Method == HttpMethod.Head) return ScriptValue.Null;
        if (response.Content.Headers.ContentLength > plan.MaxResponseBytes) throw TooLarge();
        using var kept = new BoundedStream(plan.MaxResponseBytes);
        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false)) await body.CopyToAsync(kept, token).ConfigureAwait(false);
        }
        catch (BoundedStreamException)
        {
            throw TooLarge();
        }

        if (kept.Written.IsEmpty) return ScriptValue.Null;
        if (response.Content.Headers.ContentEncoding.Count > 0) throw Invalid("is compressed, which was not asked for");
        MediaTypeHeaderValue? type = response.Content.Headers.ContentType;
        if (IsJson(type?.MediaType)) return await JsonAsync(kept.Written, token).ConfigureAwait(false);
        if (type?.MediaType?.StartsWith("text/", StringComparison.OrdinalIgnoreCase) == true) return ScriptValue.From(Text(type.CharSet, kept.Written.Span));
        throw Invalid("is neither JSON nor text");
    }

    private static bool IsJson(string? type) =>
        type is not null && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/json", StringComparison.OrdinalIgnoreCase));

    private async Task<ScriptValue> JsonAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = ProtocolLimits.MaxObjectDepth });
            await ToolResult.HoldAsync(plan.Tool, document.RootElement, context, beside: 0, token).ConfigureAwait(false);
            return ScriptValue.From(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            throw Invalid($"is not JSON, is nested deeper than {ProtocolLimits.MaxObjectDepth}, or has longer integers than a value may have");
        }
    }

    private string Text(string? charset, ReadOnlySpan<byte> bytes) => charset?.Trim('"').ToUpperInvariant() switch
    {
        null or "UTF-8" or "UTF8" or "US-ASCII" => Encoding.UTF8.GetString(bytes),
        "ISO-8859-1" or "LATIN1" => Encoding.Latin1.GetString(bytes),
        _ => throw Invalid("is text in another encoding than UTF-8"),
    };

    /// <summary>A failure with the message from the body: the text of a problem document, or the beginning of the text.</summary>
    private async Task<string> ExplainedAsync(string what, CancellationToken token)
    {
        string? type = response.Content.Headers.ContentType?.MediaType;
        bool isJson = IsJson(type);
        if (!isJson && type?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) != true) return what;
        byte[] beginning = new byte[OpenApiLimits.ErrorBytes];
        Stream body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            int length = await body.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, token).ConfigureAwait(false);
            beginning = beginning[..length];
        }

        string text = (isJson ? Explanation(beginning) : null) ?? Encoding.UTF8.GetString(beginning);
        // Masked before the cut, which might leave half of a secret.
        string? said = LenientJson.OneLine(context.Secrets.Mask.Of(text), OpenApiLimits.ErrorCharacters);
        return said is null ? what : $"{what}: {said}";
    }

    private static string? Explanation(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return s_explaining.Select((name) => document.RootElement.Text(name)).FirstOrDefault((text) => !string.IsNullOrWhiteSpace(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private ToolException Failure(string code, string what) => ToolFault.Of(code, $"{plan.Tool} failed: {what}");

    private ToolException TooLarge() =>
        ToolFault.Of(ToolCode.ResultTooLarge, $"the result of {plan.Tool} is larger than {plan.MaxResponseBytes} bytes (MaxResponseBytes): ask for less");

    private ToolException Invalid(string what) => ToolFault.Of(ToolCode.ResultInvalid, $"the result of {plan.Tool} {what}");
}
