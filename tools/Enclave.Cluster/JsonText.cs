using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.Cluster;

/// <summary>JSON that a person reads too: a <c>&gt;</c> stays one.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
