using Enclave.Limits;

namespace Enclave.Broker.Sessions;

/// <summary>Bounds the journals of durable sessions in memory: as an object a journal takes many times its bytes.</summary>
internal sealed class JournalReads
{
    private const int MaxAtOnce = 4;

    /// <summary>One owner alone keeps half: the largest journal of the default options.</summary>
    private const long MaxKeptBytes = 16 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly FairTurns _turns = new(MaxAtOnce);
    private readonly ByteBudget _kept = new(MaxKeptBytes);

    /// <summary>Waits until this owner may read a journal, which it does until it disposes the turn; null if that took too long.</summary>
    public Task<IDisposable?> TryEnterAsync(string owner, CancellationToken cancellationToken) => _turns.TryEnterAsync(owner, s_patience, cancellationToken);

    /// <summary>Counts a journal that a reader of this owner keeps from page to page. False if there is no room.</summary>
    public bool TryKeep(string owner, long bytes) => _kept.TryTake(owner, bytes);

    /// <summary>Gives back the bytes of a journal that <see cref="TryKeep"/> counted: its reader does not keep it any more.</summary>
    public void Drop(string owner, long bytes) => _kept.Give(owner, bytes);
}
