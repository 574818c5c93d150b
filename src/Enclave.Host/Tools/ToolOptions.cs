namespace Enclave;

/// <summary>What a registered tool allows, and what is said of it. All limits are the host's: a script cannot change them.</summary>
public sealed partial record ToolOptions
{
    /// <summary>What the tool does, for people and models. Default: none.</summary>
    public string? Description { get; init; }

    /// <summary>Longest time of a call, from its start to its result; a call also waits no longer than this for its turn. Range: 1 ms to 24 h. Default: null, the run's own deadline.</summary>
    /// <remarks>When it passes the script gets <c>TOOL_TIMEOUT</c>, whether or not the tool heeds its token; what it returns later is dropped.</remarks>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Calls under way at once in the whole host; others wait for their turn. Range: 1 to 100,000. Default: null, no limit of its own.</summary>
    /// <remarks>A tool that goes on after its time keeps its place until it ends: the limit protects what is behind the tool.</remarks>
    public int? MaxConcurrency { get; init; }

    /// <summary>Calls of each tenant in a window of time, counted by the host. Default: null, no limit.</summary>
    public ToolRateLimit? RateLimit { get; init; }

    /// <summary>Calls of one run. Range: 0 to 1,000,000. Default: null, the run's <see cref="RunOptions.MaxToolCalls"/> alone.</summary>
    public int? MaxCalls { get; init; }

    /// <summary>The tenants that may call it, compared exactly. A run without a tenant is none of them. Default: null, all.</summary>
    public IReadOnlyCollection<string>? AllowedTenants { get; init; }

    /// <summary>The names of the secrets that it needs, out of <see cref="EnclaveOptions.Secrets"/>; its function finds them in <see cref="ToolContext.Secrets"/>. Range: at most 20 names. Default: none.</summary>
    /// <remarks>They are looked up for each call, within its time. A call without one of them fails with <c>TOOL_SECRET_MISSING</c>, and the function is not called.</remarks>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>True if each call is put to <see cref="EnclaveOptions.OnToolApproval"/> before it is made. Default: false.</summary>
    public bool RequiresApproval { get; init; }
}
