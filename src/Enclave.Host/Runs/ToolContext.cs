using Enclave.Limits;
using Enclave.Runs;

namespace Enclave;

/// <summary>A tool's information about the run that calls it.</summary>
public sealed partial class ToolContext
{
    internal ToolContext(object? context, string? tenant, string sourceName, CancellationToken cancellationToken)
    {
        Context = context;
        Tenant = tenant;
        SourceName = sourceName;
        CancellationToken = cancellationToken;
    }

    /// <summary>The run's id (<see cref="ExecutionResult.RunId"/>), for the tool's own log. At a broker it is the session's name.</summary>
    public string? RunId { get; internal init; }

    /// <summary>The run's <see cref="RunOptions.Context"/>.</summary>
    public object? Context { get; }

    /// <summary>The run's <see cref="RunOptions.Tenant"/>.</summary>
    public string? Tenant { get; }

    /// <summary>The run's <see cref="RunOptions.SourceName"/>.</summary>
    public string SourceName { get; }

    /// <summary>The secrets that the tool names in <see cref="ToolOptions.Secrets"/>. Empty until the call is approved and begins.</summary>
    public ToolSecrets Secrets { get; private set; } = ToolSecrets.None;

    /// <summary>
    /// A key that belongs to this call of a durable run alone, the same if the call is made again after its host ended. Give it to services that drop
    /// repeated requests. Null in runs that are not durable.
    /// </summary>
    public string? IdempotencyKey { get; internal init; }

    /// <summary>The host's memory of the call, including the values that a tool makes of its arguments.</summary>
    internal HeldMemory Memory { get; init; } = HeldMemory.None;

    /// <summary>The counts of its run; null for calls that did not come from a run.</summary>
    internal CallCounts? Counts { get; init; }

    /// <summary>Returns true for addresses that fetch may ask for the tenant; null for all that the host allows.</summary>
    internal Func<Uri, bool>? AllowsOrigin { get; init; }

    /// <summary>Cancelled when the run has its answer, and so does not need the tool any more.</summary>
    public CancellationToken CancellationToken { get; private set; }
}
