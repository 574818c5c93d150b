using System.Security.Cryptography;
using System.Text;
using Enclave.Journals;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>Keeps recordings of runs whose callers did not ask for one, so that a failure can be repeated afterwards (docs/records.md).</summary>
/// <remarks>
/// All runs of the host but durable ones, which have journals, are recorded then: the clock of their scripts moves only when a tool answers or a timer is due,
/// and a recording takes up to 32 MB of the host while its run is in progress.
/// </remarks>
public sealed class KeepRecordings
{
    /// <summary>Keeps them. Default: one in the memory of the host.</summary>
    public RecordingStore Store { get; set; } = RecordingStore.InMemory();

    /// <summary>True to keep the recordings of runs that succeeded, too. Default: false, only those of runs that failed.</summary>
    public bool Always { get; set; }

    /// <summary>
    /// The most recordings in the store. Beyond this number the oldest recording of the tenant with the most is removed, so no tenant displaces recordings of
    /// tenants with fewer. Range: 1 to 100,000. Default: 1,000.
    /// </summary>
    public int MaxRuns { get; set; } = 1000;

    /// <summary>Bytes of all recordings in the store, with the same order. A larger one is not kept. Range: 1 MB to 2^50. Default: 256 MB.</summary>
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Keys of 32 random bytes that seal the recordings, as <see cref="DurableOptions.Keys"/> seal journals. Default: none, everything is readable, and only
    /// damage is found.
    /// </summary>
    public IReadOnlyList<byte[]> Keys { get; set; } = [];

    /// <summary>The recording of a run; null if there is none.</summary>
    /// <param name="runId">The id of the run (<see cref="ExecutionResult.RunId"/>).</param>
    /// <param name="tenant">Its tenant; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="JournalException">The store failed, or the recording was changed, or its key is missing.</exception>
    /// <exception cref="InvalidDataException">The recording is one of a newer version.</exception>
    public async Task<ExecutionRecording?> FindAsync(string runId, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runId);
        var run = new RunKey(tenant, runId);
        if (await Store.ReadAsync(run, cancellationToken).ConfigureAwait(false) is not { } part) return null;
        using JournalSeal seal = SealOf(run);
        (int length, byte[] content) = seal.Open(SealPurpose.Recording, 0, JournalSeal.NoTag.Span, part);
        if (length != part.Length) throw new JournalException(JournalFault.Damaged, $"the recording of {runId} is refused: something follows it");
        return ExecutionRecording.Parse(Encoding.UTF8.GetString(content));
    }

    /// <summary>True if the recording of a run with this result is kept.</summary>
    internal bool Wants(ExecutionResult result) => Always || !result.Success;

    /// <summary>Keeps a recording. False if it is larger than all kept recordings together may be.</summary>
    internal async Task<bool> KeepAsync(string runId, string? tenant, ExecutionRecording recording, DateTimeOffset time)
    {
        var run = new RunKey(tenant, runId);
        using JournalSeal seal = SealOf(run);
        byte[] part = seal.Seal(SealPurpose.Recording, 0, JournalSeal.NoTag.Span, RecordingWriter.ToUtf8(recording).Span);
        if (part.Length > MaxBytes) return false;
        await Store.KeepAsync(run, recording.Script?.Split('@')[0], time, part, MaxRuns, MaxBytes).ConfigureAwait(false);
        return true;
    }

    // The seal uses the run's names instead of a journal's id, so that each run has a key of its own.
    private JournalSeal SealOf(RunKey run) =>
        new(new JournalKeys(Keys), run, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(RunFolder.IdOf(run))).AsSpan(0, 16)));
}
