using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;

namespace Enclave.Mcp.Transports;

/// <summary>The JSON contracts of MCP's messages, which their library has generated.</summary>
internal static class McpContracts
{
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));
}
