using Microsoft.Extensions.Options;

namespace Enclave.OpenApi;

/// <summary>Adds the application's services to the tools of its host.</summary>
internal sealed class OpenApiTools(IEnumerable<OpenApiService> services) : IConfigureOptions<EnclaveOptions>
{
    public void Configure(EnclaveOptions options)
    {
        foreach (OpenApiService service in services) options.Tools.Add(service);
    }
}
