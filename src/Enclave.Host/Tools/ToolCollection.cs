using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Enclave.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave;

/// <summary>
/// The tools that a host offers to its scripts: C# functions, the operations of services, the tools of servers. A host takes the tools when it is created;
/// adding one later throws. New tools of a source reach the host.
/// </summary>
/// <example>
/// <code>
/// options.Tools.Add("users:list", async (ListArgs args, ToolContext context, CancellationToken token) => await users.ListAsync(args.Limit, token));
/// </code>
/// </example>
public sealed partial class ToolCollection : RunTools, IReadOnlyCollection<ToolDefinition>
{
    internal const int MaxNameCharacters = 256;

    private readonly Dictionary<string, ToolDefinition> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ToolSource> _sources = new(StringComparer.Ordinal);

    // In the order of addition: a tool, or a source with its present tools.
    private readonly List<(ToolDefinition? Tool, ToolSource? Source)> _parts = [];

    private readonly ToolServices? _services;

    private volatile bool _isClosed;

    /// <summary>Creates an empty collection.</summary>
    public ToolCollection()
    {
    }

    /// <summary>
    /// Creates an empty collection whose functions may have services among their parameters, as those of <c>AddEnclave(…).AddTool</c>: for tools of a run
    /// (<see cref="RunOptions.Tools"/>). Each call has its own service scope.
    /// </summary>
    /// <param name="services">The application's services. They must live as long as the runs.</param>
    /// <exception cref="ArgumentException">It cannot make scopes, or does not tell which services it has.</exception>
    public ToolCollection(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services.GetService(typeof(IServiceScopeFactory)) is IServiceScopeFactory scopes
            && services.GetService(typeof(IServiceProviderIsService)) is IServiceProviderIsService known
            ? new ToolServices(scopes, known)
            : throw new ArgumentException(
                "The services have no IServiceScopeFactory and IServiceProviderIsService, as those of an application have.", nameof(services));
    }

    /// <summary>The tools of a run; null for none.</summary>
    internal static ToolCollection? Of(RunOptions? run) => (ToolCollection?)run?.Tools;

    /// <summary>The number of tools.</summary>
    public int Count => _byName.Count + _sources.Values.Sum((source) => source.Tools.Count);

    /// <summary>The sources, whose tools may change.</summary>
    internal IReadOnlyCollection<ToolSource> Sources => _sources.Values;

    /// <summary>Adds a tool that returns a value.</summary>
    /// <param name="name">The tool's name: a letter, then letters, digits and <c>:_-</c>; at most 256 characters.</param>
    /// <param name="tool">The function. Its arguments are bound strictly from the script's object: unknown members, missing
    /// ones and wrong types are refused before it is called.</param>
    /// <param name="options">Its limits; null for none.</param>
    /// <returns>This collection.</returns>
    /// <exception cref="ArgumentException">The name is invalid or taken, or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A host was already created with these tools, and would not have this one.</exception>
    [OverloadResolutionPriority(1)]
    public ToolCollection Add<TArguments, TResult>(
        string name, Func<TArguments, ToolContext, CancellationToken, Task<TResult>> tool, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (!ArgumentBinder.TakesWhole(name, typeof(TArguments))) return Add(name, (Delegate)tool, options);
        return Add(name, typeof(TArguments), typeof(TResult),
            async (arguments, context, token) => await tool((TArguments)arguments!, context, token).ConfigureAwait(false), options);
    }

    /// <inheritdoc cref="Add{TArguments, TResult}(string, Func{TArguments, ToolContext, CancellationToken, Task{TResult}}, ToolOptions?)"/>
    public ToolCollection Add<TArguments, TResult>(
        string name, Func<TArguments, ToolContext, CancellationToken, ValueTask<TResult>> tool, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (!ArgumentBinder.TakesWhole(name, typeof(TArguments))) return Add(name, (Delegate)tool, options);
        return Add(name, typeof(TArguments), typeof(TResult),
            async (arguments, context, token) => await tool((TArguments)arguments!, context, token).ConfigureAwait(false), options);
    }

    /// <summary>Adds a tool without a result: the script gets null.</summary>
    /// <inheritdoc cref="Add{TArguments, TResult}(string, Func{TArguments, ToolContext, CancellationToken, Task{TResult}}, ToolOptions?)"/>
    [OverloadResolutionPriority(1)]
    public ToolCollection Add<TArguments>(string name, Func<TArguments, ToolContext, CancellationToken, Task> tool, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (!ArgumentBinder.TakesWhole(name, typeof(TArguments))) return Add(name, (Delegate)tool, options);
        return Add(name, typeof(TArguments), null, WithoutResult, options);

        async Task<object?> WithoutResult(object? arguments, ToolContext context, CancellationToken token)
        {
            await tool((TArguments)arguments!, context, token).ConfigureAwait(false);
            return null;
        }
    }

    /// <inheritdoc cref="Add{TArguments}(string, Func{TArguments, ToolContext, CancellationToken, Task}, ToolOptions?)"/>
    public ToolCollection Add<TArguments>(string name, Func<TArguments, ToolContext, CancellationToken, ValueTask> tool, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (!ArgumentBinder.TakesWhole(name, typeof(TArguments))) return Add(name, (Delegate)tool, options);
        return Add(name, typeof(TArguments), null, WithoutResult, options);

        async Task<object?> WithoutResult(object? arguments, ToolContext context, CancellationToken token)
        {
            await tool((TArguments)arguments!, context, token).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>
    /// Adds the present and future tools of a source: operations of a service (docs/openapi.md), tools of a server.
    /// Names that begin with the source's name and a colon belong to it.
    /// </summary>
    /// <returns>This collection.</returns>
    /// <exception cref="ArgumentException">There is a source of this name, or a tool with one of its names.</exception>
    /// <exception cref="InvalidOperationException">A host was already created with these tools, and would not have these.</exception>
    public ToolCollection Add(ToolSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        RefuseWhenClosed($"service {source.Name}");
        if (_byName.Keys.FirstOrDefault((name) => Prefix(name) == source.Name) is { } taken)
            throw new ArgumentException($"The tool '{taken}' has a name of the service {source.Name}.", nameof(source));
        if (!_sources.TryAdd(source.Name, source)) throw new ArgumentException($"There is a service '{source.Name}' already.", nameof(source));
        _parts.Add((null, source));
        return this;
    }

    /// <summary>Adds a tool from <see cref="ToolDefinition.Create"/>.</summary>
    /// <returns>This collection.</returns>
    /// <exception cref="ArgumentException">Its name is taken.</exception>
    /// <exception cref="InvalidOperationException">A host was already created with these tools, and would not have this one.</exception>
    public ToolCollection Add(ToolDefinition tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        RefuseWhenClosed($"tool '{tool.Name}'");
        if (OfSource(tool.Name) is { } source) throw new ArgumentException($"'{tool.Name}' is a name of the service {source.Name}.", nameof(tool));
        if (!_byName.TryAdd(tool.Name, tool)) throw new ArgumentException($"There is a tool '{tool.Name}' already.", nameof(tool));
        _parts.Add((tool, null));
        return this;
    }

    /// <summary>Puts a tool of the host's own in the place of an earlier one of its name; null takes that away.</summary>
    /// <exception cref="ArgumentException">The application has a tool of this name.</exception>
    /// <exception cref="InvalidOperationException">A host was already created with these tools.</exception>
    internal void Replace(ToolDefinition? before, ToolDefinition? after)
    {
        if (before is not null)
        {
            RefuseWhenClosed($"change of '{before.Name}'");
            _byName.Remove(before.Name);
            _parts.RemoveAll((part) => part.Tool == before);
        }

        if (after is not null) Add(after);
    }

    /// <summary>Looks a tool up.</summary>
    /// <returns>True if there is a tool of exactly this name.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_byName.TryGetValue(name, out tool)) return true;
        return _sources.Count > 0 && OfSource(name) is { } source && source.TryGet(name, out tool);
    }

    /// <summary>The tools in the order of addition.</summary>
    public IEnumerator<ToolDefinition> GetEnumerator()
    {
        foreach ((ToolDefinition? one, ToolSource? source) in _parts)
        {
            if (one is not null) yield return one;
            foreach (ToolDefinition tool in source?.Tools ?? []) yield return tool;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The tools for a host: the present tools and the sources.</summary>
    internal ToolCollection Copy()
    {
        var copy = new ToolCollection();
        foreach ((string name, ToolDefinition tool) in _byName) copy._byName.Add(name, tool);
        foreach ((string name, ToolSource source) in _sources) copy._sources.Add(name, source);
        copy._parts.AddRange(_parts);
        return copy;
    }

    /// <summary>These tools together with a run's own, which come first and hide tools of the same name.</summary>
    internal IEnumerable<ToolDefinition> And(ToolCollection? own) => own is null ? this : own.Concat(this.Where((tool) => !own.TryGet(tool.Name, out _)));

    /// <summary>Closes the collection: a host or a run has taken the tools.</summary>
    internal void Close() => _isClosed = true;

    /// <exception cref="InvalidOperationException">A later tool would be lost silently, because the host has its own copy.</exception>
    private void RefuseWhenClosed(string what)
    {
        if (_isClosed) throw new InvalidOperationException($"The {what} comes too late: a host was made with these tools already and would not have it. " +
            "Add it to EnclaveOptions.Tools before the host is made; in an application with AddEnclave(...).Configure(...) or AddTool<T>().");
    }

    private ToolSource? OfSource(string name) => Prefix(name) is { } prefix ? _sources.GetValueOrDefault(prefix) : null;

    /// <summary>The name of a tool's source: the part before its first colon.</summary>
    private static string? Prefix(string name) => name.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon ? name[..colon] : null;

    private ToolCollection Add(string name, Type arguments, Type? result, ToolBody body, ToolOptions? options)
    {
        CheckName(name);
        if (options is not null) ToolOptionsCheck.Check(options);
        ArgumentBinder.Check(name, arguments);
        return Add(new ToolDefinition(name, options ?? new ToolOptions(), arguments, result, body));
    }

    /// <exception cref="ArgumentException">It is not a valid name.</exception>
    internal static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > MaxNameCharacters)
            throw new ArgumentException($"The tool's name has {name.Length} characters; its range is 1 to {MaxNameCharacters}.", nameof(name));
        if (!Name().IsMatch(name)) throw new ArgumentException(
            $"'{name}' is not a name for a tool: a name is a letter, then letters, digits and any of :_- (as in users:list).", nameof(name));
        if (name.StartsWith(ReservedCalls.Prefix, StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' is not a name for a tool: names that begin with {ReservedCalls.Prefix} are reserved.", nameof(name));
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9:_-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
