using Enclave;
using Enclave.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Enclave in an application.</summary>
public static class EnclaveServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="IEnclave"/> for the application. Options are checked when it starts,
    /// workers are warm before it serves, and are drained when it stops.
    /// </summary>
    /// <exception cref="OptionsValidationException">At start, if an option is out of its range. The message names key, value and range.</exception>
    /// <remarks>It uses the worker pool unless <see cref="EnclaveOptions.Adapter"/> is set. Further calls configure the same host.</remarks>
    public static EnclaveBuilder AddEnclave(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return NamedHosts.Add(services, Options.Options.DefaultName);
    }

    /// <summary>
    /// Adds one more <see cref="IEnclave"/>, for applications that need several: a keyed service with its own options, pool, health check and metrics
    /// (docs/hosting.md).
    /// </summary>
    /// <param name="services">The application's services, in which it is <see cref="IEnclave"/> with the key <paramref name="name"/>.</param>
    /// <param name="name">
    /// The key, and the name of its <see cref="EnclaveOptions"/>; 1 to 64 letters, digits and <c>_-.</c>. A tag of each of its figures.
    /// </param>
    /// <exception cref="ArgumentException">The name is invalid.</exception>
    /// <exception cref="OptionsValidationException">At start, if an option is out of its range. The message names key, value and range.</exception>
    public static EnclaveBuilder AddEnclave(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        NamedHosts.Check(name);
        return NamedHosts.Add(services, name);
    }

    /// <summary>Adds one more <see cref="IEnclave"/> as a keyed service, with options set in code.</summary>
    /// <inheritdoc cref="AddEnclave(IServiceCollection, string)"/>
    public static EnclaveBuilder AddEnclave(this IServiceCollection services, string name, Action<EnclaveOptions> configure) =>
        services.AddEnclave(name).Configure(configure);

    /// <summary>Adds one more <see cref="IEnclave"/> as a keyed service, with options from configuration (docs/hosting.md lists the keys).</summary>
    /// <inheritdoc cref="AddEnclave(IServiceCollection, string)"/>
    public static EnclaveBuilder AddEnclave(this IServiceCollection services, string name, IConfigurationSection section) =>
        services.AddEnclave(name).Bind(section);

    /// <summary>Adds one <see cref="IEnclave"/> for the application, with options set in code.</summary>
    /// <inheritdoc cref="AddEnclave(IServiceCollection)"/>
    public static EnclaveBuilder AddEnclave(this IServiceCollection services, Action<EnclaveOptions> configure) => services.AddEnclave().Configure(configure);

    /// <summary>Adds one <see cref="IEnclave"/> for the application, with options from configuration (docs/hosting.md lists the keys).</summary>
    /// <inheritdoc cref="AddEnclave(IServiceCollection)"/>
    public static EnclaveBuilder AddEnclave(this IServiceCollection services, IConfigurationSection section) => services.AddEnclave().Bind(section);
}
