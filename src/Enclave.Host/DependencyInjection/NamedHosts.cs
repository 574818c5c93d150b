using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Enclave.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Enclave.DependencyInjection;

/// <summary>The hosts of an application: one without a name, and any number with names, each a keyed service with named options.</summary>
internal static partial class NamedHosts
{
    /// <summary>Registers the services of a host once.</summary>
    public static EnclaveBuilder Add(IServiceCollection services, string name)
    {
        var builder = new EnclaveBuilder(services, name);
        var registered = new Registered(name);
        if (services.Any((service) => service is { IsKeyedService: false, ImplementationInstance: Registered other } && other == registered)) return builder;
        services.AddSingleton(registered);
        services.AddOptions<EnclaveOptions>(name).Configure(static (options) => options.UnnamedAdapter = EnclaveAdapter.WorkerPool).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EnclaveOptions>, EnclaveOptionsValidator>());
        if (name.Length == 0)
        {
            // The application may have registered its own host.
            services.TryAddSingleton((provider) => Make(provider, name));
            services.TryAddSingleton<IEnclave>((provider) => provider.GetRequiredService<EnclaveHost>());
        }
        else
        {
            services.AddKeyedSingleton(name, (provider, _) => Make(provider, name));
            services.AddKeyedSingleton<IEnclave>(name, (provider, _) => Get(provider, name));
        }

        services.AddSingleton<IHostedService>((provider) => new EnclaveHostedService(
            Get(provider, name), [.. provider.GetServices<BoundSection>().Where((section) => section.Name == name)],
            HostLogs.Of(provider.GetService<ILoggerFactory>(), TagOf(name)).Host));
        return builder;
    }

    public static EnclaveHost Get(IServiceProvider provider, string name) =>
        name.Length == 0 ? provider.GetRequiredService<EnclaveHost>() : provider.GetRequiredKeyedService<EnclaveHost>(name);

    /// <exception cref="ArgumentException">The name is invalid.</exception>
    public static void Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Name().IsMatch(name)) throw new ArgumentException("A host's name has 1 to 64 letters, digits and any of _-. in it.", nameof(name));
    }

    /// <summary>The name in logs and figures; null for none.</summary>
    private static string? TagOf(string name) => name.Length == 0 ? null : name;

    private static EnclaveHost Make(IServiceProvider provider, string name)
    {
        string? tag = TagOf(name);
        // The container's own meters, so that several containers of a process (tests, applications) keep their metrics apart.
        Meter? meter = provider.GetService<IMeterFactory>()?.Create(TelemetryNames.Source, EnclaveActivities.Version);
        EnclaveMetrics? metrics = meter is not null
            ? new EnclaveMetrics(meter, tag)
            : tag is not null ? new EnclaveMetrics(new Meter(TelemetryNames.Source, EnclaveActivities.Version), tag) : null;
        // Without a name, the same options instance that a broker in the application uses.
        EnclaveOptions options = tag is null
            ? provider.GetRequiredService<IOptions<EnclaveOptions>>().Value
            : provider.GetRequiredService<IOptionsMonitor<EnclaveOptions>>().Get(name);
        return new EnclaveHost(options, provider.GetService<ILoggerFactory>(), launcher: null, metrics, tag);
    }

    /// <summary>Marks a name with registered services.</summary>
    private sealed record Registered(string Name);

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
