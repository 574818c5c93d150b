namespace Enclave.Journals;

/// <summary>The exclusive right of one host to write a run's journal.</summary>
internal interface IRunLease : IAsyncDisposable
{
    /// <summary>The run as it was taken.</summary>
    StoredRun Run { get; }

    /// <summary>The entries that <see cref="Run"/> names, one sealed part after the other, in memory of the caller's own.</summary>
    /// <exception cref="JournalException">There are more bytes, or the store failed.</exception>
    ValueTask<Memory<byte>> ReadAsync(long maxBytes, CancellationToken cancellationToken);

    /// <summary>Appends sealed entries and replaces the run's row. Both are durable when it completes, or neither.</summary>
    /// <exception cref="JournalException">The store failed, or another host has taken the run.</exception>
    ValueTask AppendAsync(ReadOnlyMemory<byte> entries, StoredRun run);

    /// <summary>Replaces the journal by another that begins with these entries: the run starts over.</summary>
    /// <exception cref="JournalException">As for <see cref="AppendAsync"/>.</exception>
    ValueTask ReplaceAsync(ReadOnlyMemory<byte> entries, StoredRun run);

    /// <summary>The sealed answer to a wait; null if there is none yet.</summary>
    /// <exception cref="JournalException">The answer has more bytes, or the store failed.</exception>
    ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(StoredWait wait, long maxBytes);
}
