using System.Text.Json.Nodes;
using Enclave.Tenants;
using Enclave.Tenants.Policies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds tenants to an application's host.</summary>
public static class EnclaveBuilderTenantsExtensions
{
    private static readonly string[] s_lists = ["quotas", "tools", "origins"];

    /// <summary>Lets the policies of tenants judge the runs of this host. <see cref="IEnclaveTenants"/> is a service of the application then.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="configure">Sets the options.</param>
    public static Enclave.EnclaveBuilder AddTenants(this Enclave.EnclaveBuilder builder, Action<TenantsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<TenantsOptions>().Configure(configure);
        return Add(builder, null);
    }

    /// <summary>
    /// The same with policies from configuration, in the form of the file. A change of the configuration holds without a restart. A malformed change has no
    /// effect, and is logged.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="policies">The section, with <c>tenants</c>, <c>default</c> and <c>unknown</c>.</param>
    /// <param name="configure">Sets the other options; null for none.</param>
    /// <exception cref="ArgumentException">At start, if a policy is malformed or out of its ranges. The message names the place.</exception>
    public static Enclave.EnclaveBuilder AddTenants(
        this Enclave.EnclaveBuilder builder, IConfigurationSection policies, Action<TenantsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(policies);
        builder.Services.AddOptions<TenantsOptions>().Configure((options) =>
        {
            options.Policies = Read(policies);
            configure?.Invoke(options);
        });
        return Add(builder, policies);
    }

    private static Enclave.EnclaveBuilder Add(Enclave.EnclaveBuilder builder, IConfigurationSection? policies)
    {
        builder.Services.TryAddSingleton((provider) => Make(provider, policies));
        builder.Services.TryAddSingleton<IEnclaveTenants>((provider) => provider.GetRequiredService<EnclaveTenants>());
        // The container disposes in reverse order: the host, which is made of these options, before the tenants.
        builder.Services.AddOptions<Enclave.EnclaveOptions>(builder.Name)
            .Configure<EnclaveTenants>((options, tenants) => options.UseTenants(tenants));
        return builder;
    }

    private static EnclaveTenants Make(IServiceProvider provider, IConfigurationSection? policies)
    {
        TenantsOptions options = provider.GetRequiredService<Options.IOptions<TenantsOptions>>().Value;
        // A container creates services synchronously. This wait is short, unless there is a ledger of a killed process to recover.
        EnclaveTenants tenants = Task.Run(() => EnclaveTenants.OpenAsync(options, provider.GetService<ILoggerFactory>())).GetAwaiter().GetResult();
        if (policies is not null) ChangeToken.OnChange(policies.GetReloadToken, () => Reload(tenants, policies));
        return tenants;
    }

    private static void Reload(EnclaveTenants tenants, IConfigurationSection policies)
    {
        try
        {
            tenants.Replace(Read(policies), "configuration");
        }
        catch (ArgumentException fault)
        {
            tenants.NotRead("the configuration", fault.Message);
        }
    }

    /// <summary>Configuration has texts only: lists are sections whose keys are numbers.</summary>
    private static TenantPolicies Read(IConfigurationSection section) => PolicyJson.Read(Node(section) ?? new JsonObject());

    private static JsonNode? Node(IConfigurationSection section)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        if (children.Length == 0) return section.Value is null ? null : JsonValue.Create(section.Value);
        if (s_lists.Contains(section.Key, StringComparer.OrdinalIgnoreCase)) return new JsonArray([.. children.Select(Node)]);
        var members = new JsonObject();
        foreach (IConfigurationSection child in children) members[child.Key] = Node(child);
        return members;
    }
}
