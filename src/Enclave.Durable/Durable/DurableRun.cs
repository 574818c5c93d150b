using System.Collections.Immutable;
using Enclave.Journals;

namespace Enclave;

/// <summary>A durable run as its store knows it.</summary>
public sealed record DurableRun
{
    internal DurableRun()
    {
    }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its tenant; null for none.</summary>
    public string? Tenant { get; init; }

    /// <summary>Its state.</summary>
    public required DurableRunState State { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its journal last changed.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>
    /// When it becomes due by itself, or after its end, when it is removed; the Unix epoch if it is due at once; null if only an answer makes it due.
    /// </summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Its waits. Empty unless it is suspended, or about to be.</summary>
    public IReadOnlyList<DurableWait> Waits { get; init; } = [];

    /// <summary>The entries of its journal.</summary>
    public int Entries { get; init; }

    /// <summary>The bytes of its journal.</summary>
    public long Bytes { get; init; }

    /// <summary>How it ended: <c>OK</c> or the code of its error, also while its calls are undone; null before.</summary>
    public string? Outcome { get; init; }

    /// <summary>Its result; null before its end, and in lists.</summary>
    public ExecutionResult? Result { get; init; }

    /// <summary>True if this host could not run it now, and it is tried again.</summary>
    internal bool IsDelayed { get; init; }

    internal static DurableRun Of(StoredRun run, ExecutionResult? result = null) => new()
    {
        Name = run.Key.Name,
        Tenant = run.Key.Tenant,
        State = run.State,
        Created = run.Created,
        Changed = run.Changed,
        Due = run.Due,
        Waits = run.Waits.Select((wait) => new DurableWait(wait.Kind, wait.Name, wait.Token, wait.Until, ToolCallEvent.IdOf(wait.Call))).ToImmutableArray(),
        Entries = run.Entries,
        Bytes = run.Bytes,
        Outcome = run.Outcome,
        Result = result,
    };
}
