namespace Enclave.OpenApi;

/// <summary>The services among the tools of a host.</summary>
internal static class OpenApiToolExtensions
{
    /// <summary>The services whose operations are among these tools.</summary>
    public static IEnumerable<OpenApiService> OpenApiServices(this ToolCollection tools) => tools.Sources.OfType<OpenApiService>();
}
