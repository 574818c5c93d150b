using System.Collections.Frozen;

namespace Enclave.Tools;

/// <summary>A tool's declaration of its effects, checked.</summary>
internal sealed class EffectDeclaration
{
    private const int MaxWords = 100, MaxCharacters = 200;

    private const ToolEffects All = ToolEffects.Reads | ToolEffects.Writes | ToolEffects.Sends | ToolEffects.Deletes;

    private EffectDeclaration(ToolDefinition tool)
    {
        ToolOptions options = tool.Options;
        (Tool, Effects, Resource, MaxCalls) = (tool.Name, options.Effects, options.Resource, options.MaxCallsPerWindow);
        Labels = options.Labels.ToFrozenSet(StringComparer.Ordinal);
        ClearedFor = options.ClearedFor.ToFrozenSet(StringComparer.Ordinal);
        BulkLimits = [
            .. options.BulkLimits.Select((limit) => (limit.Key, limit.Value, Shape(tool, limit.Key))).OrderBy((limit) => limit.Key, StringComparer.Ordinal)];
    }

    public string Tool { get; }

    public ToolEffects Effects { get; }

    /// <summary>The labels of its data.</summary>
    public FrozenSet<string> Labels { get; }

    /// <summary>The labels of data that it may send.</summary>
    public FrozenSet<string> ClearedFor { get; }

    /// <summary>The resource that it reads or deletes.</summary>
    public string? Resource { get; }

    /// <summary>The limit of each argument, by its path, and the argument's schema.</summary>
    public IReadOnlyList<(string Path, long Most, BulkShape Shape)> BulkLimits { get; }

    public int? MaxCalls { get; }

    /// <summary>The tool's declaration; null if there is none.</summary>
    /// <exception cref="ArgumentException">The declaration is invalid. The message names tool, key, value and what was expected.</exception>
    public static EffectDeclaration? Of(ToolDefinition tool)
    {
        ToolOptions options = tool.Options;
        if ((options.Effects & ~All) != 0) throw Fault(tool, nameof(options.Effects), options.Effects.ToString(), All.ToString());
        Words(tool, nameof(options.Labels), options.Labels, ToolEffects.Reads);
        Words(tool, nameof(options.ClearedFor), options.ClearedFor, ToolEffects.Sends);
        if (options.Resource is { } resource && resource.Length is 0 or > MaxCharacters)
            throw Fault(tool, nameof(options.Resource), resource, $"1 to {MaxCharacters} characters");
        if (options.MaxCallsPerWindow is < 1 or > 1_000_000)
            throw Fault(tool, nameof(options.MaxCallsPerWindow), $"{options.MaxCallsPerWindow}", "1 to 1000000");
        ArgumentNullException.ThrowIfNull(options.BulkLimits);
        foreach ((string path, long most) in options.BulkLimits)
        {
            if (path.Length > MaxCharacters || path.Split('.').Contains(""))
                throw Fault(tool, nameof(options.BulkLimits), path, "names of members joined by dots, as in page.size");
            if (most is < 0 or long.MaxValue) throw Fault(tool, $"{nameof(options.BulkLimits)}[\"{path}\"]", $"{most}", $"0 to {long.MaxValue - 1}");
        }

        return options is { Effects: ToolEffects.None, Resource: null, MaxCallsPerWindow: null, BulkLimits.Count: 0 } ? null : new EffectDeclaration(tool);
    }

    /// <summary>
    /// A service's query repeats a name for each item of a list. If the service's document does not declare a list, the items cannot be counted.
    /// </summary>
    private static BulkShape Shape(ToolDefinition tool, string path) => (BulkShapes.At(tool.SharedArgumentsSchema, path), tool.Service) switch
    {
        (BulkShape.Open, not null) => BulkShape.Number,
        var (shape, _) => shape,
    };

    private static void Words(ToolDefinition tool, string key, IReadOnlyCollection<string> words, ToolEffects needed)
    {
        ArgumentNullException.ThrowIfNull(words, key);
        if (words.Count > MaxWords) throw Fault(tool, key, $"{words.Count} labels", $"0 to {MaxWords} labels");
        if (words.FirstOrDefault((word) => word is not { Length: > 0 and <= MaxCharacters }) is { } odd)
            throw Fault(tool, key, odd, $"labels of 1 to {MaxCharacters} characters");
        if (words.Count > 0 && !tool.Options.Effects.HasFlag(needed))
            throw Fault(tool, key, string.Join(", ", words), $"empty without {nameof(ToolEffects)}.{needed}");
    }

    private static ArgumentException Fault(ToolDefinition tool, string key, string value, string expected) =>
        new($"{key} of the tool {tool.Name} is {value}; expected {expected}.", key);
}
