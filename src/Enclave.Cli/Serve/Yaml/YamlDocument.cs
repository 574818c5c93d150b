using System.Text;
using YamlDotNet.Core;

namespace Enclave.Cli.Serve.Yaml;

/// <summary>
/// Converts a YAML document to JSON. Work and memory are bounded by the size of the output: aliases are
/// copied, and a document that grows too large by them is refused.
/// </summary>
internal static class YamlDocument
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns JSON unchanged, and converts everything else from YAML.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="mostBytes">Maximum size of the JSON in bytes.</param>
    /// <exception cref="OpenApiException">It is neither, or too large.</exception>
    public static ReadOnlyMemory<byte> ToJson(ReadOnlyMemory<byte> utf8, long mostBytes)
    {
        if (utf8.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) utf8 = utf8[3..];
        // This is JSON, and its own reader has better error messages.
        if (utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] or []) return utf8;
        try
        {
            using var text = new StringReader(s_utf8.GetString(utf8.Span));
            using var json = new YamlToJson(new Parser(text), mostBytes);
            return json.Read();
        }
        catch (YamlException fault)
        {
            throw new OpenApiException($"the document is not valid YAML (line {fault.Start.Line}, column {fault.Start.Column}): " +
                $"{fault.InnerException?.Message ?? fault.Message}", fault);
        }
        catch (DecoderFallbackException fault)
        {
            throw new OpenApiException("the document is not valid UTF-8", fault);
        }
    }
}
