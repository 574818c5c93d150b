using Enclave.Durable;
using Enclave.Journals;

namespace Enclave;

/// <content>The removal of runs, and the operator's permission for runs of a restored database.</content>
public sealed partial class DurableRuns
{
    /// <summary>How long a removal waits for readers that were not sent the last event.</summary>
    private static readonly TimeSpan s_readerPatience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Removes a run that has ended, or whose journal is damaged (<see cref="JournalFault.Damaged"/>). False if the run has not ended, or if there is none.
    /// </summary>
    /// <exception cref="JournalException">The store failed, or this host cannot read the journal, which others may: its key is missing.</exception>
    public async Task<bool> DeleteAsync(string name, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var key = new RunKey(tenant, name);
        try
        {
            await LetReadersEndAsync(key, cancellationToken).ConfigureAwait(false);
            if (await DeleteAsync(key, RemovePurpose.Ended, cancellationToken).ConfigureAwait(false)) return true;
            _ = await _host.ReadAsync(key, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (JournalException fault) when (fault.Fault == JournalFault.Damaged)
        {
            return await DeleteAsync(key, RemovePurpose.Damaged, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes the stored values of a conversation (<see cref="RunOptions.Conversation"/>). False if there are none.</summary>
    /// <exception cref="JournalException">The store failed.</exception>
    public Task<bool> DeleteConversationAsync(string conversation, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        return DeleteAsync(ConversationStore.KeyOf(tenant, conversation).Name, tenant, cancellationToken);
    }

    /// <summary>
    /// Lets runs continue whose database was restored from a backup or promoted since a host had them. Their tools may have been called after the moment from
    /// which the database was restored, and are called again: look at them first.
    /// </summary>
    /// <param name="name">The run; null for all runs of all tenants.</param>
    /// <param name="tenant">Its tenant; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of runs that waited for this: always 0 in memory and in folders, which do not notice a restore.</returns>
    /// <exception cref="JournalException">The store failed.</exception>
    public async Task<int> AcceptRestoreAsync(string? name = null, string? tenant = null, CancellationToken cancellationToken = default)
    {
        RunKey? key = name is null ? null : new RunKey(tenant, name);
        int accepted = await _host.Store.AcceptAsync(key, cancellationToken).ConfigureAwait(false);
        _host.Watch.Record(new DurableStep(DurableAct.Accept, key ?? new RunKey(null, "*"), Count: accepted));
        return accepted;
    }

    /// <summary>Lets readers in this process get the last event, which the removal deletes.</summary>
    private async Task LetReadersEndAsync(RunKey key, CancellationToken cancellationToken)
    {
        Task left = Readers.Left(key);
        if (left.IsCompleted || await _host.Store.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { State: DurableRunState.Ended }) return;
        Readers.Signal(key);
        await left.WaitAsync(s_readerPatience, _host.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> DeleteAsync(RunKey key, RemovePurpose purpose, CancellationToken cancellationToken)
    {
        bool isDeleted = await _host.Store.DeleteAsync(key, purpose, cancellationToken).ConfigureAwait(false);
        if (isDeleted) _host.Watch.Record(new DurableStep(DurableAct.Delete, key));
        return isDeleted;
    }
}
