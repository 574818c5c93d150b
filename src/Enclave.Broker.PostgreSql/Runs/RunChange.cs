using Enclave.Journals;

namespace Enclave.Broker.PostgreSql.Runs;

/// <summary>A run that begins, or a change of one, on its way to the database.</summary>
/// <param name="host">The lease under which it is written.</param>
/// <param name="run">The new state of the run.</param>
/// <param name="part">Its new entries, sealed.</param>
internal sealed class RunChange(long host, StoredRun run, ReadOnlyMemory<byte> part)
{
    private readonly TaskCompletionSource<long> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Host => host;

    public StoredRun Run => run;

    public ReadOnlyMemory<byte> Part => part;

    /// <summary>Its row.</summary>
    public byte[] Stored { get; } = StoredRunFormat.Write(run);

    /// <summary>The key of its row; 0 for a run that begins.</summary>
    public long Key { get; init; }

    /// <summary>How often hosts have taken the run.</summary>
    public int Epoch { get; init; }

    /// <summary>The number of the run's entries in the store.</summary>
    public int First { get; init; }

    /// <summary>True if <see cref="Part"/> takes the place of all entries before.</summary>
    public bool Replaces { get; init; }

    /// <summary>True if the host gives the run back.</summary>
    public bool Leaves { get; init; }

    /// <summary>The id of the run's journal in the store.</summary>
    public Guid Was { get; init; }

    /// <summary>Waits that are over.</summary>
    public IReadOnlyList<(Guid Token, long Call)> Over { get; init; } = [];

    /// <summary>Waits that begin.</summary>
    public IReadOnlyList<(Guid Token, long Call)> Begun { get; init; } = [];

    public int Bytes => part.Length + Stored.Length;

    /// <summary>Completes with the key of its row when it is durable, and with 0 if it was refused.</summary>
    public Task<long> Done => _done.Task;

    public void Complete(long key) => _done.TrySetResult(key);

    public void Fail(JournalException fault) => _done.TrySetException(fault);
}
