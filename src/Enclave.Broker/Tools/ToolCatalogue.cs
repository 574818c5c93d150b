using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Enclave.OpenApi;

namespace Enclave.Broker.Tools;

/// <summary>The tools that scripts may call and their services, as clients see them.</summary>
/// <param name="options">The host's options, with the registered tools.</param>
/// <param name="handled">Names of tools that the host's handler answers.</param>
internal sealed class ToolCatalogue(EnclaveOptions options, IReadOnlyCollection<string> handled)
{
    /// <summary>The service name of tools that belong to no service.</summary>
    private const string NoService = "default";

    public void WriteTo(Utf8JsonWriter writer, string? tenant)
    {
        ToolDefinition[] tools = Open(tenant);
        writer.WriteStartObject();
        writer.WriteStartArray("actions"u8);
        foreach (ToolDefinition tool in tools)
        {
            Write(writer, tool.Name, tool.Options.Description, tool.Service);
        }

        foreach (string name in Handled()) Write(writer, name, null, null);

        writer.WriteEndArray();
        writer.WriteStartArray("services"u8);
        foreach (OpenApiService service in options.Tools.OpenApiServices())
        {
            int actions = tools.Count((tool) => tool.Service == service.Name);
            // A tenant that may call none of its tools does not see the service.
            if (actions == 0 && service.Tools.Count > 0) continue;
            writer.WriteStartObject();
            writer.WriteString("name"u8, service.Name);
            writer.WriteString("specUrl"u8, service.DocumentAddress?.AbsoluteUri ?? "");
            writer.WriteString("lastUpdated"u8, service.LastUpdated.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            writer.WriteNumber("actionCount"u8, actions);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("version"u8, Version(tools));
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, string? description, string? service)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        if (description is { Length: > 0 }) writer.WriteString("description"u8, description);
        writer.WriteString("service"u8, service ?? NoService);
        writer.WriteEndObject();
    }

    /// <summary>The handler's tools. A registered tool of the same name takes precedence.</summary>
    private IEnumerable<string> Handled() => handled.Where((name) => !options.Tools.Any((tool) => tool.Name == name));

    /// <summary>A version that changes with the catalogue.</summary>
    public string Version(string? tenant) => Version(Open(tenant));

    private ToolDefinition[] Open(string? tenant) => [.. options.Tools.Where((tool) => tool.IsOpenTo(tenant))];

    private string Version(ToolDefinition[] tools)
    {
        string[] others = [.. Handled()];
        if (tools.Length + others.Length == 0) return "empty";
        IEnumerable<string> told = tools.Select((tool) => $"{tool.Name}\t{tool.Options.Description}\t{tool.Service}");
        // Includes the schemas of a service's tools, which may change while it runs.
        IEnumerable<string> services = options.Tools.OpenApiServices()
            .Where((service) => tools.Any((tool) => tool.Service == service.Name)).Select((service) => $"{service.Name}\t{service.Version}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [.. told, .. others, .. services]))))[..16];
    }
}
