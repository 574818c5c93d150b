using Enclave;
using Enclave.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds services whose operations are tools.</summary>
public static class OpenApiServiceCollectionExtensions
{
    /// <summary>
    /// Adds a service whose operations become tools of the application's host and of its broker (docs/openapi.md). Its document is read before any other
    /// part of the application starts, and again every <see cref="OpenApiOptions.RefreshInterval"/>.
    /// </summary>
    /// <param name="services">The application's services. The service is registered there as an <see cref="OpenApiService"/>.</param>
    /// <param name="options">The service. Several may be added, with different names.</param>
    /// <exception cref="ArgumentException">An option is out of its range. The message names key, value and range.</exception>
    /// <exception cref="OpenApiException">The document's address is not allowed; or, at start, the document cannot be read.</exception>
    public static IServiceCollection AddEnclaveOpenApi(this IServiceCollection services, OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        OpenApiOptionsCheck.Check(options);
        _ = new DocumentSource(options);
        services.AddSingleton((_) => new OpenApiService(options));
        services.AddOptions<EnclaveOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<EnclaveOptions>, OpenApiTools>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OpenApiHostedService>());
        return services;
    }
}
