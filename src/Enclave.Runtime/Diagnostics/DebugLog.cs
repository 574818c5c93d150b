using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.Runtime.Diagnostics;

/// <summary>Writes debug lines, one JSON object each: ids, sizes and codes.</summary>
internal sealed class DebugLog
{
    private const string Mask = "***";

    // Escapes everything except plain letters and digits, because a terminal may show the line.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.Default };

    private readonly Action<string>? _write;
    private readonly string? _secret;
    private readonly TimeProvider _clock;

    public DebugLog(RuntimeWorkerOptions options)
    {
        _write = options.Debug ? options.OnDebug ?? Console.Error.WriteLine : null;
        (_secret, _clock) = (options.Security.SharedSecret, options.TimeProvider);
    }

    public bool IsOn => _write is not null;

    public void Write(string what, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        if (_write is null) return;
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString(
                "time"u8, _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
            writer.WriteString("what"u8, what);
            foreach ((string name, object? value) in members) WriteMember(writer, name, value);
            writer.WriteEndObject();
        }

        try
        {
            _write(Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length));
        }
        catch (Exception)
        {
            // An exception of the user's callback must not disturb the runtime.
        }
    }

    private void WriteMember(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null: break;
            case bool flag: writer.WriteBoolean(name, flag); break;
            case int number: writer.WriteNumber(name, number); break;
            case long number: writer.WriteNumber(name, number); break;
            case double number: writer.WriteNumber(name, number); break;
            default: writer.WriteString(name, Masked(value.ToString()!)); break;
        }
    }

    private string Masked(string text) => _secret is null ? text : text.Replace(_secret, Mask, StringComparison.Ordinal);
}
