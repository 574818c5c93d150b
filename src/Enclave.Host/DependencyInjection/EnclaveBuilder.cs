using System.Diagnostics.CodeAnalysis;
using Enclave.Configuration;
using Enclave.DependencyInjection;
using Enclave.Guard;
using Enclave.Tools;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Enclave;

/// <summary>
/// Adds settings and tools to an application's host (docs/hosting.md). Created by
/// <see cref="EnclaveServiceCollectionExtensions.AddEnclave(IServiceCollection)"/>.
/// </summary>
public sealed class EnclaveBuilder
{
    internal EnclaveBuilder(IServiceCollection services, string name) => (Services, Name) = (services, name);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The name of the host and of its options; empty for the host without a name.</summary>
    public string Name { get; }

    /// <summary>Sets options in code, after earlier settings.</summary>
    public EnclaveBuilder Configure(Action<EnclaveOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>
    /// Sets options from configuration, after earlier settings (docs/hosting.md lists the keys).
    /// Unknown keys and unreadable values stop the application's start.
    /// </summary>
    public EnclaveBuilder Bind(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Services.Configure<EnclaveOptions>(Name, (options) => EnclaveConfiguration.Apply(section, options));
        Services.AddSingleton(new BoundSection(Name, section));
        return this;
    }

    /// <summary>Adds a tool class. Each call has its own service scope, from which the tool and its dependencies come.</summary>
    /// <typeparam name="TTool">Implements <see cref="ITool{TArguments, TResult}"/> once. It is registered as scoped unless it is already registered. A
    /// singleton serves all calls with one instance.</typeparam>
    /// <exception cref="ArgumentException">The class does not implement that interface.</exception>
    public EnclaveBuilder AddTool<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTool>()
        where TTool : class, ITool => AddTool<TTool>((limits) => limits);

    /// <summary>Adds a tool with other limits than its own.</summary>
    /// <param name="limits">Returns the limits, given those of the tool's class.</param>
    /// <inheritdoc cref="AddTool{TTool}()"/>
    public EnclaveBuilder AddTool<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTool>(
        Func<ToolOptions, ToolOptions> limits)
        where TTool : class, ITool
    {
        ArgumentNullException.ThrowIfNull(limits);
        ScopedTool tool = ScopedTool.Of<TTool>();
        Services.TryAddScoped<TTool>();
        Services.AddOptions<EnclaveOptions>(Name)
            .Configure<IServiceScopeFactory>((options, scopes) => tool.AddTo(options.Tools, scopes, limits(TTool.Options)));
        return this;
    }

    /// <summary>
    /// Adds a function whose parameters may also be services of the application:
    /// <c>(int id, OrderStore orders, CancellationToken token) => …</c>. Each call has its own service scope.
    /// </summary>
    /// <inheritdoc cref="ToolCollection.Add(string, Delegate, ToolOptions?)" path="/param"/>
    /// <remarks>A function that cannot be a tool stops the application's start.</remarks>
    public EnclaveBuilder AddTool(string name, Delegate function, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        Services.AddOptions<EnclaveOptions>(Name).Configure<IServiceScopeFactory, IServiceProviderIsService>(
            (host, scopes, known) => host.Tools.Add(ToolMethod.Of(name, function, options, new ToolServices(scopes, known))));
        return this;
    }

    /// <summary>
    /// Adds the methods of a class that have an <see cref="EnclaveToolAttribute"/>. Each call has its own service
    /// scope, from which the object and the method's services come.
    /// </summary>
    /// <typeparam name="T">Registered as scoped unless it is already registered.</typeparam>
    /// <param name="prefix">The part of their names before a colon; null for none.</param>
    /// <remarks>A method that cannot be a tool stops the application's start.</remarks>
    public EnclaveBuilder AddTools<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | AttributedTools.Members)] T>(string? prefix = null)
        where T : class
    {
        Services.TryAddScoped<T>();
        Services.AddOptions<EnclaveOptions>(Name).Configure<IServiceScopeFactory, IServiceProviderIsService>((host, scopes, known) =>
        {
            foreach (ToolDefinition tool in AttributedTools.Of(typeof(T), (services) => services?.GetRequiredService<T>(), prefix,
                new ToolServices(scopes, known), targetIsScoped: true)) host.Tools.Add(tool);
        });
        return this;
    }

    /// <summary>
    /// Scores scripts with this scorer. Thresholds and other settings come from <see cref="EnclaveOptions.Scoring"/>, or are the documented ones.
    /// </summary>
    /// <typeparam name="TScorer">One instance serves all runs. It is registered as a singleton unless it is already registered.</typeparam>
    public EnclaveBuilder UseScorer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TScorer>()
        where TScorer : class, IScriptScorer
    {
        Services.TryAddSingleton<TScorer>();
        // After all Configure calls: one of them may set the thresholds.
        Services.AddOptions<EnclaveOptions>(Name)
            .PostConfigure<TScorer>((options, scorer) => options.Scoring = (options.Scoring ?? new ScoringOptions()) with { Scorer = scorer });
        return this;
    }

    /// <summary>Takes the secrets of tools from this source (docs/tools.md).</summary>
    /// <typeparam name="TSource">One instance serves all calls. It is registered as a singleton unless it is already registered.</typeparam>
    public EnclaveBuilder UseSecrets<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSource>()
        where TSource : class, ISecretSource
    {
        Services.TryAddSingleton<TSource>();
        Services.AddOptions<EnclaveOptions>(Name).Configure<TSource>((options, source) => options.Secrets = source);
        return this;
    }

    /// <summary>Switches the sidecar on with this store (docs/sidecar.md). Other settings come from <see cref="EnclaveOptions.Sidecar"/>.</summary>
    /// <typeparam name="TStore">One instance serves all runs. It is registered as a singleton unless it is already registered.</typeparam>
    public EnclaveBuilder UseReferenceStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>()
        where TStore : class, IReferenceStore
    {
        Services.TryAddSingleton<TStore>();
        // After all Configure calls: one of them may set the limits.
        Services.AddOptions<EnclaveOptions>(Name)
            .PostConfigure<TStore>((options, store) => options.Sidecar = options.Sidecar with { Enabled = true, Storage = store });
        return this;
    }

    /// <summary>Adds the health check "enclave", or "enclave:NAME" for a host with a name (docs/hosting.md explains its results).</summary>
    public EnclaveBuilder AddHealthCheck()
    {
        Services.AddHealthChecks().AddEnclave(Name);
        return this;
    }
}
