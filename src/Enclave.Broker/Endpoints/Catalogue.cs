using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Enclave.Broker.Endpoints;

/// <summary>The tools that scripts may call, as clients are told.</summary>
internal sealed class Catalogue(EnclaveOptions options)
{
    private const string Service = "default";

    public void WriteTo(Utf8JsonWriter writer, string? tenant)
    {
        ToolDefinition[] tools = [.. options.Tools.Where((tool) => tool.Options.AllowedTenants is not { } open || (tenant is not null && open.Contains(tenant)))];
        writer.WriteStartObject();
        writer.WriteStartArray("actions"u8);
        foreach (ToolDefinition tool in tools)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, tool.Name);
            if (tool.Options.Description is { Length: > 0 } description) writer.WriteString("description"u8, description);
            writer.WriteString("service"u8, Service);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("services"u8);
        writer.WriteEndArray();
        writer.WriteString("version"u8, Version(tools));
        writer.WriteEndObject();
    }

    /// <summary>Changes when what is told changes.</summary>
    private static string Version(ToolDefinition[] tools)
    {
        if (tools.Length == 0) return "empty";
        string text = string.Join('\n', tools.Select((tool) => $"{tool.Name}\t{tool.Options.Description}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
