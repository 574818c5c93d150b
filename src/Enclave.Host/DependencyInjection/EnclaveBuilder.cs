using Enclave.Configuration;
using Enclave.DependencyInjection;
using Enclave.Guard;
using Enclave.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Enclave;

/// <summary>What an application adds to its host of scripts (docs/hosting.md). Made by <see cref="EnclaveServiceCollectionExtensions.AddEnclave(IServiceCollection)"/>.</summary>
public sealed class EnclaveBuilder
{
    internal EnclaveBuilder(IServiceCollection services, string name) => (Services, Name) = (services, name);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Which of the application's hosts this is, and the name of its options; empty for the one without a name.</summary>
    public string Name { get; }

    /// <summary>Sets options in code, after what was set before.</summary>
    public EnclaveBuilder Configure(Action<EnclaveOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>Sets options from configuration, after what was set before (docs/hosting.md has the keys). What cannot be read, and keys that are not known, end the application's start.</summary>
    public EnclaveBuilder Bind(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Services.Configure<EnclaveOptions>(Name, (options) => EnclaveConfiguration.Apply(section, options));
        return this;
    }

    /// <summary>Adds a tool. Each call has a service scope of its own, out of which the tool comes: what it needs may be scoped.</summary>
    /// <typeparam name="TTool">Implements <see cref="ITool{TArguments, TResult}"/> once. Registered as scoped, unless it is registered already: as a singleton, one instance serves all calls.</typeparam>
    /// <exception cref="ArgumentException">It does not implement that interface, or more than once.</exception>
    public EnclaveBuilder AddTool<TTool>()
        where TTool : class, ITool => AddTool<TTool>((limits) => limits);

    /// <summary>Adds a tool with other limits than its own.</summary>
    /// <param name="limits">Gives the limits, from those that the tool's class states.</param>
    /// <inheritdoc cref="AddTool{TTool}()"/>
    public EnclaveBuilder AddTool<TTool>(Func<ToolOptions, ToolOptions> limits)
        where TTool : class, ITool
    {
        ArgumentNullException.ThrowIfNull(limits);
        ScopedTool tool = ScopedTool.Of<TTool>();
        Services.TryAddScoped<TTool>();
        Services.AddOptions<EnclaveOptions>(Name).Configure<IServiceScopeFactory>((options, scopes) => tool.AddTo(options.Tools, scopes, limits(TTool.Options)));
        return this;
    }

    /// <summary>Adds a function as it is, whose parameters may be services of the application too: <c>(int id, OrderStore orders, CancellationToken token) => …</c>. Each call has a service scope of its own.</summary>
    /// <inheritdoc cref="ToolCollection.Add(string, Delegate, ToolOptions?)" path="/param"/>
    /// <remarks>What cannot be a tool ends the application's start.</remarks>
    public EnclaveBuilder AddTool(string name, Delegate function, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        Services.AddOptions<EnclaveOptions>(Name).Configure<IServiceScopeFactory, IServiceProviderIsService>((host, scopes, known) => host.Tools.Add(ToolMethod.Of(name, function, options, new ToolServices(scopes, known))));
        return this;
    }

    /// <summary>Adds the methods of a class that have an <see cref="EnclaveToolAttribute"/>. Each call has a service scope of its own, out of which the object and its method's services come.</summary>
    /// <typeparam name="T">Registered as scoped, unless it is registered already.</typeparam>
    /// <param name="prefix">What their names begin with, before a colon; null for nothing.</param>
    /// <remarks>What cannot be a tool ends the application's start.</remarks>
    public EnclaveBuilder AddTools<T>(string? prefix = null)
        where T : class
    {
        Services.TryAddScoped<T>();
        Services.AddOptions<EnclaveOptions>(Name).Configure<IServiceScopeFactory, IServiceProviderIsService>((host, scopes, known) =>
        {
            foreach (ToolDefinition tool in AttributedTools.Of(typeof(T), (services) => services?.GetRequiredService<T>(), prefix, new ToolServices(scopes, known), targetIsScoped: true)) host.Tools.Add(tool);
        });
        return this;
    }

    /// <summary>Scores scripts with this scorer. Thresholds and the rest are those of <see cref="EnclaveOptions.Scoring"/>, or else the documented ones.</summary>
    /// <typeparam name="TScorer">One instance serves all runs: registered as a singleton, unless it is registered already.</typeparam>
    public EnclaveBuilder UseScorer<TScorer>()
        where TScorer : class, IScriptScorer
    {
        Services.TryAddSingleton<TScorer>();
        // After all Configure calls: one of them may set the thresholds.
        Services.AddOptions<EnclaveOptions>(Name).PostConfigure<TScorer>((options, scorer) => options.Scoring = (options.Scoring ?? new ScoringOptions()) with { Scorer = scorer });
        return this;
    }

    /// <summary>Takes the secrets of tools from this source (docs/tools.md).</summary>
    /// <typeparam name="TSource">One instance serves all calls: registered as a singleton, unless it is registered already.</typeparam>
    public EnclaveBuilder UseSecrets<TSource>()
        where TSource : class, ISecretSource
    {
        Services.TryAddSingleton<TSource>();
        Services.AddOptions<EnclaveOptions>(Name).Configure<TSource>((options, source) => options.Secrets = source);
        return this;
    }

    /// <summary>Switches the sidecar on, over this store (docs/sidecar.md). The rest is that of <see cref="EnclaveOptions.Sidecar"/>.</summary>
    /// <typeparam name="TStore">One instance serves all runs: registered as a singleton, unless it is registered already.</typeparam>
    public EnclaveBuilder UseReferenceStore<TStore>()
        where TStore : class, IReferenceStore
    {
        Services.TryAddSingleton<TStore>();
        // After all Configure calls: one of them may set the limits.
        Services.AddOptions<EnclaveOptions>(Name).PostConfigure<TStore>((options, store) => options.Sidecar = options.Sidecar with { Enabled = true, Storage = store });
        return this;
    }

    /// <summary>Adds the health check "enclave", of a host with a name "enclave:NAME" (docs/hosting.md says what it tells).</summary>
    public EnclaveBuilder AddHealthCheck()
    {
        Services.AddHealthChecks().AddEnclave(Name);
        return this;
    }
}
