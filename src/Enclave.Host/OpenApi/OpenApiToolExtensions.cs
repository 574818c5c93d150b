namespace Enclave;

/// <summary>The operations of services among the tools of a host.</summary>
public static class OpenApiToolExtensions
{
    /// <summary>
    /// Adds the operations of a service, those that it will have after a refresh too (docs/openapi.md). Names that begin with its name and a colon are its own.
    /// </summary>
    /// <param name="tools">The tools.</param>
    /// <param name="service">The service.</param>
    /// <returns>The tools.</returns>
    /// <exception cref="ArgumentException">There is a service of this name, or a tool with one of its names.</exception>
    /// <exception cref="InvalidOperationException">A host was made with these tools already, and would not have this one.</exception>
    public static ToolCollection Add(this ToolCollection tools, OpenApiService service)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(service);
        return tools.AddService(service);
    }

    /// <summary>The services whose operations are among these tools.</summary>
    internal static IEnumerable<OpenApiService> OpenApiServices(this ToolCollection tools) => tools.Services.OfType<OpenApiService>();
}
