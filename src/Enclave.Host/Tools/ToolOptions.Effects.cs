using System.Collections.Immutable;

namespace Enclave;

/// <remarks>The <see cref="EnclaveOptions.SequencePolicy"/> checks calls against the declared effects. It ignores tools without declarations.</remarks>
public sealed partial record ToolOptions
{
    /// <summary>The tool's effects. Default: none declared.</summary>
    public ToolEffects Effects { get; init; }

    /// <summary>
    /// True if the effects were not declared: they are the worst that the tool may have. Rules apply to them, and descriptions for models leave them out.
    /// </summary>
    internal bool AreEffectsAssumed { get; init; }

    /// <summary>
    /// The kinds of its data, in the application's own words, for example <c>pii</c> or
    /// <c>credentials</c>. Needs <see cref="ToolEffects.Reads"/>. Default: none.
    /// </summary>
    public IReadOnlyCollection<string> Labels { get; init; } = [];

    /// <summary>The labels of data that may be sent through it. Needs <see cref="ToolEffects.Sends"/>. Default: none.</summary>
    public IReadOnlyCollection<string> ClearedFor { get; init; } = [];

    /// <summary>
    /// The resource that it reads, writes or deletes, in the application's own words, for example
    /// <c>users</c>. Tools of one resource belong together. Default: null.
    /// </summary>
    public string? Resource { get; init; }

    /// <summary>
    /// The largest amount that an argument may ask for within <see cref="SequencePolicyOptions.Bulk"/>, by its path (<c>limit</c>, <c>page.size</c>): a
    /// number's value, an array's length. Range: 0 and above. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, long> BulkLimits { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>
    /// Most calls of one run within <see cref="SequencePolicyOptions.RapidEnumeration"/>. Range: 1 to 1,000,000. Default: null,
    /// <see cref="SequencePolicyOptions.MaxCallsPerTool"/>.
    /// </summary>
    public int? MaxCallsPerWindow { get; init; }
}
