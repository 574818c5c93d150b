using Enclave;
using Enclave.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Enclave in an application.</summary>
public static class EnclaveServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="IEnclave"/> for the application: options are checked when it starts, workers are warm before it serves, and drained when it stops.</summary>
    /// <exception cref="OptionsValidationException">At start, when an option is out of its range; the message names key, value and range.</exception>
    public static IServiceCollection AddEnclave(this IServiceCollection services, Action<EnclaveOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<EnclaveOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EnclaveOptions>, EnclaveOptionsValidator>());
        services.TryAddSingleton((provider) => new EnclaveHost(provider.GetRequiredService<IOptions<EnclaveOptions>>().Value, provider.GetService<ILoggerFactory>()));
        services.TryAddSingleton<IEnclave>((provider) => provider.GetRequiredService<EnclaveHost>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EnclaveHostedService>());
        return services;
    }
}
