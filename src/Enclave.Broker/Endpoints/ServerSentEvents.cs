using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Enclave.Broker.Sessions;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Endpoints;

/// <summary>
/// The form of events for clients that ask for <c>text/event-stream</c>, as browsers' <c>EventSource</c> does: the type as <c>event</c>, the number as
/// <c>id</c>, the line as <c>data</c> (WHATWG HTML, 9.2). All other clients get the lines alone.
/// </summary>
internal static class ServerSentEvents
{
    public const string MediaType = "text/event-stream";

    private const int MaxTypeBytes = 64;

    public static bool AreWanted(HttpRequest request) => request.Headers.Accept.Any((header) => header?.Split(',')
        .Any((one) => one.AsSpan().Trim().StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)) == true);

    /// <summary>Writes what stands before the line. A line of JSON holds no line break but the one at its end.</summary>
    public static void Begin(IBufferWriter<byte> writer, LoggedEvent one) =>
        writer.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: {TypeOf(one)}\nid: {one.Seq}\ndata: ")));

    /// <summary>Writes what stands behind the line.</summary>
    public static void End(IBufferWriter<byte> writer) => writer.Write("\n"u8);

    /// <summary>The type that the sent line has. For an encrypted event this is the type of the envelope: the event's own type stays secret.</summary>
    private static string TypeOf(LoggedEvent one)
    {
        var reader = new Utf8JsonReader(one.Sent.Span, new JsonReaderOptions { MaxDepth = 512 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType && reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false, ValueSpan.Length: <= MaxTypeBytes }
                && Ascii.IsValid(reader.ValueSpan)) return Encoding.ASCII.GetString(reader.ValueSpan);
            reader.Skip();
        }

        return "message";
    }
}
