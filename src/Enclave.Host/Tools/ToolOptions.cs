using Enclave.Protocol;

namespace Enclave;

/// <summary>Limits and description of a registered tool. The host enforces the limits: a script cannot change them.</summary>
public sealed partial record ToolOptions
{
    /// <summary>A description for people and models. Default: none.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// Longest time of a call, from its start to its result; a call also waits no longer than this for its
    /// turn. Range: 1 ms to 24 h. Default: null, the run's own deadline.
    /// </summary>
    /// <remarks>After it the script gets <c>TOOL_TIMEOUT</c>, even if the tool ignores its token. A later result is dropped.</remarks>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Concurrent calls in the whole host. Others wait for their turn. Range: 1 to 100,000. Default: null, no limit of its own.</summary>
    /// <remarks>A tool that runs beyond its time keeps its place until it ends: the limit protects the system behind the tool.</remarks>
    public int? MaxConcurrency { get; init; }

    /// <summary>Calls of each tenant in a window of time, counted per host. Default: null, no limit.</summary>
    public ToolRateLimit? RateLimit { get; init; }

    /// <summary>Calls of one run. Range: 0 to 1,000,000. Default: null, only the run's <see cref="LimitOptions.MaxToolCalls"/>.</summary>
    public int? MaxCalls { get; init; }

    /// <summary>The tenants that may call it, compared exactly. Runs without a tenant may not. Default: null, all.</summary>
    public IReadOnlyCollection<string>? AllowedTenants { get; init; }

    /// <summary>
    /// The names of the secrets that it needs, from <see cref="EnclaveOptions.Secrets"/>. Its function reads them from
    /// <see cref="ToolContext.Secrets"/>. Range: at most 20 names. Default: none.
    /// </summary>
    /// <remarks>They are read for each call, within its time. If one is missing, the call fails with
    /// <c>TOOL_SECRET_MISSING</c>, and the function is not called.</remarks>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>
    /// True if a second call with the same <see cref="ToolContext.IdempotencyKey"/> does nothing more. If the host of a durable run ends during a call, the
    /// call is then made again; otherwise the script gets <c>TOOL_OUTCOME_UNKNOWN</c>. Tools whose only declared effect is
    /// <see cref="ToolEffects.Reads"/> are called again as well. Default: false.
    /// </summary>
    public bool Idempotent { get; init; }

    /// <summary>
    /// Undoes a call, given its arguments, its answer and a context with an <see cref="ToolContext.IdempotencyKey"/> of its own. Called if the durable run
    /// fails or is cancelled after the call gave a value, for the last such call first. Default: null, calls are not undone.
    /// </summary>
    /// <remarks>
    /// It has the tool's <see cref="Timeout"/>, or one minute, and its <see cref="Secrets"/>. If it fails, the history of the run says so, and earlier calls
    /// are still undone. If its host ends meanwhile, it is called again only where the tool is <see cref="Idempotent"/>, which then holds for both.
    /// </remarks>
    public Func<ScriptValue, ScriptValue, ToolContext, Task>? Compensate { get; init; }

    /// <summary>True if <see cref="EnclaveOptions.OnToolApproval"/> must approve each call. Default: false.</summary>
    public bool RequiresApproval { get; init; }

    /// <summary>
    /// True if the approval comes later: a conversation finds the call among the waits of its durable run, and asks its user. Other runs are denied the call.
    /// </summary>
    internal bool IsDecidedLater { get; init; }
}
