using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.Cluster;

/// <summary>Options for JSON that people read as well: <c>&gt;</c> is not escaped.</summary>
internal static class ClusterJson
{
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
