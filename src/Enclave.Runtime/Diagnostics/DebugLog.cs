using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.Runtime.Diagnostics;

/// <summary>Tells what happens, one JSON object per line: ids, sizes and codes.</summary>
internal sealed class DebugLines
{
    private const string Mask = "***";

    // Escapes everything but plain letters and digits: a line of a log may meet a terminal.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.Default };

    private readonly Action<string>? _write;
    private readonly string? _secret;
    private readonly TimeProvider _clock;

    public DebugLines(RuntimeWorkerOptions options)
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
            writer.WriteString("time"u8, _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
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
            // Whoever reads along must not hold up what is told.
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
