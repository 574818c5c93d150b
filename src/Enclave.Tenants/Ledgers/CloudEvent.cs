using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Enclave.Tenants.Ledgers;

/// <summary>A row as a CloudEvent 1.0 in its JSON form, for billing and event systems.</summary>
internal static class CloudEvent
{
    /// <summary>The type of every event.</summary>
    public const string Type = "enclave.run.ended";

    /// <summary>The event as JSON on one line. Its id is that of the row: of a durable run each part is an event.</summary>
    /// <param name="row">The row.</param>
    /// <param name="source">The source: with the id it names the event.</param>
    public static string Of(LedgerRow row, string source)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion"u8, "1.0");
            writer.WriteString("type"u8, Type);
            writer.WriteString("source"u8, source);
            writer.WriteString("id"u8, row.Id);
            writer.WriteString("time"u8, row.End.UtcDateTime);
            // A subject is not empty.
            if (row.Tenant is { Length: > 0 } tenant) writer.WriteString("subject"u8, tenant);
            writer.WriteString("datacontenttype"u8, "application/json");
            writer.WritePropertyName("data"u8);
            JsonSerializer.Serialize(writer, row, LedgerJson.Default.LedgerRow);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
