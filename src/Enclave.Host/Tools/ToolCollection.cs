using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Enclave.Tools;

namespace Enclave;

/// <summary>
/// The tools that a host offers to its scripts: C# functions, and the operations of services. A host takes what is here when it is made, and refuses what is
/// added later; what a service has anew reaches it.
/// </summary>
/// <example>
/// <code>
/// options.Tools.Add("users:list", async (ListArgs args, ToolContext context, CancellationToken token) => await users.ListAsync(args.Limit, token));
/// </code>
/// </example>
public sealed partial class ToolCollection : IReadOnlyCollection<ToolDefinition>
{
    private const int MaxNameCharacters = 256;

    private readonly Dictionary<string, ToolDefinition> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IToolService> _services = new(StringComparer.Ordinal);

    // In the order they were added: a tool of its own, or a service with those that it has at the moment.
    private readonly List<(ToolDefinition? Tool, IToolService? Service)> _parts = [];

    private volatile bool _isClosed;

    /// <summary>The number of tools.</summary>
    public int Count => _byName.Count + _services.Values.Sum((service) => service.Tools.Count);

    /// <summary>The services whose operations are tools.</summary>
    internal IReadOnlyCollection<IToolService> Services => _services.Values;

    /// <summary>Adds a tool that gives a value.</summary>
    /// <param name="name">What scripts call it by: a letter, then letters, digits and <c>:_-</c>; at most 256 characters.</param>
    /// <param name="tool">The function. Its arguments are bound strictly from the script's object: unknown members, missing ones and wrong types are refused before it is called.</param>
    /// <param name="options">Its limits; null for none.</param>
    /// <returns>This collection.</returns>
    /// <exception cref="ArgumentException">The name is not one, or is taken, or an option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A host was made with these tools already, and would not have this one.</exception>
    [OverloadResolutionPriority(1)]
    public ToolCollection Add<TArguments, TResult>(string name, Func<TArguments, ToolContext, CancellationToken, Task<TResult>> tool, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return Add(name, typeof(TArguments), typeof(TResult), async (arguments, context, token) => await tool((TArguments)arguments!, context, token).ConfigureAwait(false), options);
    }

    /// <inheritdoc cref="Add{TArguments, TResult}(string, Func{TArguments, ToolContext, CancellationToken, Task{TResult}}, ToolOptions?)"/>
    public ToolCollection Add<TArguments, TResult>(string name, Func<TArguments, ToolContext, CancellationToken, ValueTask<TResult>> tool, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return Add(name, typeof(TArguments), typeof(TResult), async (arguments, context, token) => await tool((TArguments)arguments!, context, token).ConfigureAwait(false), options);
    }

    /// <summary>Adds a tool that gives nothing: the script gets null.</summary>
    /// <inheritdoc cref="Add{TArguments, TResult}(string, Func{TArguments, ToolContext, CancellationToken, Task{TResult}}, ToolOptions?)"/>
    [OverloadResolutionPriority(1)]
    public ToolCollection Add<TArguments>(string name, Func<TArguments, ToolContext, CancellationToken, Task> tool, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
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
        return Add(name, typeof(TArguments), null, WithoutResult, options);

        async Task<object?> WithoutResult(object? arguments, ToolContext context, CancellationToken token)
        {
            await tool((TArguments)arguments!, context, token).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Adds the tools of a service, those that it will have later too. Names that begin with its name and a colon are its own.</summary>
    /// <exception cref="ArgumentException">There is a service of this name, or a tool with one of its names.</exception>
    /// <exception cref="InvalidOperationException">A host was made with these tools already, and would not have this one.</exception>
    internal ToolCollection AddService(IToolService service)
    {
        RefuseWhenClosed($"service {service.Name}");
        if (_byName.Keys.FirstOrDefault((name) => Prefix(name) == service.Name) is { } taken) throw new ArgumentException($"The tool '{taken}' has a name of the service {service.Name}.", nameof(service));
        if (!_services.TryAdd(service.Name, service)) throw new ArgumentException($"There is a service '{service.Name}' already.", nameof(service));
        _parts.Add((null, service));
        return this;
    }

    /// <summary>Looks a tool up.</summary>
    /// <returns>Whether there is one of exactly this name.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_byName.TryGetValue(name, out tool)) return true;
        return _services.Count > 0 && OfService(name) is { } service && service.TryGet(name, out tool);
    }

    /// <summary>The tools in the order they were added.</summary>
    public IEnumerator<ToolDefinition> GetEnumerator() => _parts.SelectMany((part) => part.Service?.Tools ?? [part.Tool!]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>What a host takes: the tools that are here now, and the services.</summary>
    internal ToolCollection Copy()
    {
        var copy = new ToolCollection();
        foreach ((string name, ToolDefinition tool) in _byName) copy._byName.Add(name, tool);
        foreach ((string name, IToolService service) in _services) copy._services.Add(name, service);
        copy._parts.AddRange(_parts);
        return copy;
    }

    /// <summary>A host has taken what is here.</summary>
    internal void Close() => _isClosed = true;

    /// <exception cref="InvalidOperationException">It would be lost without a word: the host has its own copy.</exception>
    private void RefuseWhenClosed(string what)
    {
        if (_isClosed) throw new InvalidOperationException($"The {what} comes too late: a host was made with these tools already and would not have it. Add it to EnclaveOptions.Tools before the host is made; in an application with AddEnclave(...).Configure(...) or AddTool<T>().");
    }

    private IToolService? OfService(string name) => Prefix(name) is { } prefix ? _services.GetValueOrDefault(prefix) : null;

    /// <summary>What a tool of a service has before its first colon: the service's name.</summary>
    private static string? Prefix(string name) => name.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon ? name[..colon] : null;

    private ToolCollection Add(string name, Type arguments, Type? result, ToolBody body, ToolOptions? options)
    {
        ArgumentNullException.ThrowIfNull(name);
        RefuseWhenClosed($"tool '{(name.Length <= MaxNameCharacters ? name : name[..MaxNameCharacters])}'");
        if (name.Length > MaxNameCharacters) throw new ArgumentException($"The tool's name has {name.Length} characters; its range is 1 to {MaxNameCharacters}.", nameof(name));
        if (!Name().IsMatch(name)) throw new ArgumentException($"'{name}' is no name of a tool: it is a letter, then letters, digits and any of :_- (as in users:list).", nameof(name));
        if (_byName.ContainsKey(name)) throw new ArgumentException($"There is a tool '{name}' already.", nameof(name));
        if (OfService(name) is { } service) throw new ArgumentException($"'{name}' is a name of the service {service.Name}.", nameof(name));
        if (options is not null) ToolOptionsCheck.Check(options);
        ArgumentBinder.Check(name, arguments);
        var tool = new ToolDefinition(name, options ?? new ToolOptions(), arguments, result, body);
        _byName.Add(name, tool);
        _parts.Add((tool, null));
        return this;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9:_-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
