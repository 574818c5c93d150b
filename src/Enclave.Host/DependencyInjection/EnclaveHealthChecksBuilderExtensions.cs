using Enclave.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Enclave's health check.</summary>
public static class EnclaveHealthChecksBuilderExtensions
{
    private static readonly string[] s_ready = ["ready"];

    /// <summary>Adds the check "enclave", tagged "ready", of the host that <see cref="EnclaveServiceCollectionExtensions.AddEnclave(IServiceCollection)"/> adds.</summary>
    public static IHealthChecksBuilder AddEnclave(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration("enclave", ActivatorUtilities.GetServiceOrCreateInstance<EnclaveHealthCheck>, failureStatus: null, s_ready));
    }
}
