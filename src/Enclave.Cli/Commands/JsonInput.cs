using System.Text.Json;

namespace Enclave.Cli.Commands;

/// <summary>Reads JSON that is given on the command line, or in a file that it names.</summary>
internal static class JsonInput
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 128 };

    /// <exception cref="UsageException">It is not valid JSON, or <c>@file</c> cannot be read.</exception>
    public static JsonDocument Read(string option, string text) => text.StartsWith('@') ? ReadFile(option, text[1..]) : Parse(option, text);

    /// <inheritdoc cref="Read" path="/exception"/>
    public static JsonDocument ReadFile(string option, string file)
    {
        string text;
        try
        {
            text = TextFile.Read(file, TextFile.MaxBytes) ?? throw new UsageException($"{file} has more than {TextFile.MaxBytes} bytes.");
        }
        catch (UsageException fault)
        {
            throw new UsageException($"{option}: {fault.Message}");
        }

        return Parse($"{option} {file}", text.TrimStart('\ufeff'));
    }

    private static JsonDocument Parse(string source, string text)
    {
        try
        {
            return JsonDocument.Parse(text, s_options);
        }
        catch (JsonException fault)
        {
            throw new UsageException($"{source} is not JSON: {fault.Message}");
        }
    }
}
