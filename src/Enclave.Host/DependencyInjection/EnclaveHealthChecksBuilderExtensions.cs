using Enclave.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Enclave's health check.</summary>
public static class EnclaveHealthChecksBuilderExtensions
{
    private static readonly string[] s_ready = ["ready"];

    /// <summary>
    /// Adds the check "enclave", tagged "ready", for the host that <see cref="EnclaveServiceCollectionExtensions.AddEnclave(IServiceCollection)"/> adds.
    /// </summary>
    public static IHealthChecksBuilder AddEnclave(this IHealthChecksBuilder builder) => builder.AddEnclave("");

    /// <summary>
    /// Adds the check "enclave:NAME", tagged "ready", for the host that
    /// <see cref="EnclaveServiceCollectionExtensions.AddEnclave(IServiceCollection, string)"/> adds under this name.
    /// </summary>
    public static IHealthChecksBuilder AddEnclave(this IHealthChecksBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.Add(new HealthCheckRegistration(name.Length == 0 ? "enclave" : $"enclave:{name}",
            (provider) => new EnclaveHealthCheck(NamedHosts.Get(provider, name)), failureStatus: null, s_ready));
    }
}
