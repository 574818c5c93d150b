using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>The script wrote a line to its console.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record ConsoleEvent : ExecutionEvent
{
    internal ConsoleEvent()
    {
    }

    /// <summary>The console method.</summary>
    public required ConsoleLevel Level { get; init; }

    /// <summary>The formatted text. It may contain line feeds.</summary>
    public required string Text { get; init; }

    internal override long Size => EventSize.Base + EventSize.Of(Text);

    /// <inheritdoc/>
    public override string Type => "console";

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("level"u8, Level switch
        {
            ConsoleLevel.Info => "info",
            ConsoleLevel.Warn => "warn",
            ConsoleLevel.Error => "error",
            ConsoleLevel.Debug => "debug",
            _ => "log",
        });
        JsonLine.WriteText(writer, "text"u8, Text);
    }
}
