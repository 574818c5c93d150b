using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Enclave.RabbitMq.Wire;

/// <summary>The runs of one broker that a runtime holds, each with the number of its last sent event.</summary>
internal static class HeldRuns
{
    public const int MaxBytes = 64 << 10;

    public static ReadOnlyMemory<byte> Write(IEnumerable<KeyValuePair<string, long>> runs)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("runs"u8);
            foreach ((string run, long number) in runs) writer.WriteNumber(run, number);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out Dictionary<string, long>? runs)
    {
        runs = null;
        if (body.Length > MaxBytes || !BoundedJson.TryParse(body, out JsonDocument? document)) return false;
        using (document) runs = document.RootElement.ValueKind == JsonValueKind.Object ? BoundedJson.Counts(document.RootElement, "runs") : null;
        return runs is not null;
    }
}
