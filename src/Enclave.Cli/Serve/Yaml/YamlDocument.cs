using System.Text;
using YamlDotNet.Core;

namespace Enclave.Cli.Serve.Yaml;

/// <summary>
/// Makes JSON of a YAML document. The work and the memory are bounded by what may come out: aliases are copies, and a document that would grow by them is
/// refused when it does.
/// </summary>
internal static class YamlDocument
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>JSON as it is, and anything else as YAML.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="mostBytes">The most bytes of JSON that it may come to.</param>
    /// <exception cref="OpenApiException">It is neither, or comes to more.</exception>
    public static ReadOnlyMemory<byte> ToJson(ReadOnlyMemory<byte> utf8, long mostBytes)
    {
        if (utf8.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) utf8 = utf8[3..];
        // A JSON document begins so, and its reader says better what is wrong with it.
        if (utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] or []) return utf8;
        try
        {
            using var text = new StringReader(s_utf8.GetString(utf8.Span));
            using var json = new YamlToJson(new Parser(text), mostBytes);
            return json.Read();
        }
        catch (YamlException fault)
        {
            throw new OpenApiException($"the document is no YAML (line {fault.Start.Line}, column {fault.Start.Column}): {fault.InnerException?.Message ?? fault.Message}", fault);
        }
        catch (DecoderFallbackException fault)
        {
            throw new OpenApiException("the document is no text in UTF-8", fault);
        }
    }
}
