using System.Buffers;
using Enclave.Journals;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Durable;

/// <summary>The values that scripts of one conversation keep for later runs, in the store of durable runs (ADR 33).</summary>
/// <remarks>
/// A conversation is a run that has ended, with all its values as the one part of its journal: stores keep, count, lock and remove both alike.
/// </remarks>
internal sealed class ConversationStore(DurableHost host)
{
    /// <summary>The most values of a conversation.</summary>
    public const int MaxKeys = 1000;

    /// <summary>The largest range of <see cref="DurableOptions.MaxConversationBytes"/>.</summary>
    public const int MaxBytes = 16 << 20;

    private const string Prefix = "enclave:conversation:";

    private const int MaxKeyBytes = 4096;

    /// <summary>How long a change waits for other hosts that change the same conversation.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<RunKey, Task> _last = [];

    /// <summary>The name of a conversation in the store.</summary>
    public static RunKey KeyOf(string? tenant, string conversation) => new(tenant, Prefix + conversation);

    /// <summary>True if the name is one of a conversation, which no durable run may have.</summary>
    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The value of this key; undefined if there is none.</summary>
    /// <exception cref="JournalException">The store failed, or its data is refused.</exception>
    public async Task<ScriptValue> LoadAsync(RunKey conversation, string key, CancellationToken cancellationToken)
    {
        if (await host.Store.ReadAsync(conversation, 2 * MaxBytes, cancellationToken).ConfigureAwait(false) is not { } read) return ScriptValue.Undefined;
        return ValuesOf(read.Run, read.Entries).TryGetValue(key, out byte[]? encoded)
            ? ScriptValueCodec.Decode(new ReadOnlySequence<byte>(encoded), ValueLimits.Widest)
            : ScriptValue.Undefined;
    }

    /// <summary>Keeps a value, or removes that of the key if it is undefined. It is kept when this completes, or not at all.</summary>
    /// <exception cref="JournalException">The conversation or its tenant has no room, or the store failed.</exception>
    public async Task StoreAsync(RunKey conversation, string key, ScriptValue value, CancellationToken cancellationToken)
    {
        byte[]? encoded = value.Kind == ScriptValueKind.Undefined ? null : ScriptValueCodec.Encode(value);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_gate)
        {
            before = _last.GetValueOrDefault(conversation, Task.CompletedTask);
            _last[conversation] = done.Task;
        }

        try
        {
            // Wait even if this call is cancelled: later calls await this one, and must not pass earlier ones.
            await before.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await ChangeAsync(conversation, key, encoded, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (_last.GetValueOrDefault(conversation) == done.Task) _last.Remove(conversation);
            }

            done.SetResult();
        }
    }

    private async Task ChangeAsync(RunKey conversation, string key, byte[]? value, CancellationToken cancellationToken)
    {
        long began = host.Clock.GetTimestamp();
        while (!await TryChangeAsync(conversation, key, value, cancellationToken).ConfigureAwait(false))
        {
            if (host.Clock.GetElapsedTime(began) > s_patience)
                throw new JournalException(JournalFault.Busy, "other hosts change the values of this conversation: try again");
            await Task.Delay(s_again, host.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>False if another host has the conversation at this moment.</summary>
    private async Task<bool> TryChangeAsync(RunKey conversation, string key, byte[]? value, CancellationToken cancellationToken)
    {
        if (await host.Store.FindAsync(conversation, cancellationToken).ConfigureAwait(false) is null)
        {
            if (value is null) return true;
            (StoredRun first, byte[] part) = Sealed(
                new StoredRun { Key = conversation, Journal = Guid.NewGuid(), Origin = [], Created = host.Now, Changed = host.Now }, new() { [key] = value });
            using IDisposable room = await host.Room.TakeAsync(conversation.Tenant, 1, part.Length, cancellationToken).ConfigureAwait(false);
            IRunLease? created = await host.Store.CreateAsync(first, part, cancellationToken).ConfigureAwait(false);
            if (created is not null) await created.DisposeAsync().ConfigureAwait(false);
            return created is not null;
        }

        IRunLease? lease;
        try
        {
            lease = await host.Store.TakeAsync(conversation, TakePurpose.End, cancellationToken).ConfigureAwait(false);
        }
        catch (JournalException fault) when (fault.Fault == JournalFault.NotFound)
        {
            // The values expired at this moment.
            return false;
        }

        if (lease is null) return false;
        await using (lease.ConfigureAwait(false))
        {
            ReadOnlyMemory<byte> entries = await lease.ReadAsync(2 * MaxBytes, cancellationToken).ConfigureAwait(false);
            Dictionary<string, byte[]> values = ValuesOf(lease.Run, entries);
            if (value is not null) values[key] = value;
            else if (!values.Remove(key)) return true;
            // Each change gets a new journal id, so that a reader never opens the values of one change with the row of another.
            (StoredRun next, byte[] part) = Sealed(lease.Run with { Journal = Guid.NewGuid(), Changed = host.Now }, values);
            using IDisposable? room = part.Length > entries.Length
                ? await host.Room.TakeAsync(conversation.Tenant, 0, part.Length - entries.Length, cancellationToken).ConfigureAwait(false)
                : null;
            await lease.ReplaceAsync(part, next).ConfigureAwait(false);
            return true;
        }
    }

    private Dictionary<string, byte[]> ValuesOf(StoredRun run, ReadOnlyMemory<byte> entries)
    {
        var values = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        // The time of these values is over, though the row may not be removed yet.
        if (run.Due <= host.Now) return values;
        using var seal = new JournalSeal(host.Keys, run.Key, run.Journal);
        (int length, byte[] content) = seal.Open(SealPurpose.Conversation, 1, JournalSeal.NoTag.Span, entries.Span);
        try
        {
            if (length != entries.Length) throw ProtocolException.At(length, "something follows it");
            var reader = new MessagePackReader(content);
            for (int left = reader.ReadMapHeader(); left > 0; left--) values[reader.ReadString(MaxKeyBytes)] = reader.ReadBinary(2 * MaxBytes).ToArray();
            reader.ExpectEnd();
            return values;
        }
        catch (ProtocolException fault)
        {
            throw new JournalException(JournalFault.Damaged, $"the values of the conversation are damaged: {fault.Message}", fault);
        }
    }

    private (StoredRun Run, byte[] Part) Sealed(StoredRun run, Dictionary<string, byte[]> values)
    {
        if (values.Count > MaxKeys) throw new JournalException(
            JournalFault.Full, $"the conversation has {MaxKeys} values, the most allowed: remove some with store(key, undefined), or keep several in one");
        var content = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(content);
        writer.WriteMapHeader(values.Count);
        foreach ((string key, byte[] value) in values)
        {
            writer.WriteString(key);
            writer.WriteBinary(value);
        }

        int most = host.Options.MaxConversationBytes;
        if (content.WrittenCount > most) throw new JournalException(
            JournalFault.Full, $"the values of the conversation would take {content.WrittenCount} bytes, and {most} are allowed: store less, "
            + "or remove values with store(key, undefined)");
        using var seal = new JournalSeal(host.Keys, run.Key, run.Journal);
        byte[] part = seal.Seal(SealPurpose.Conversation, 1, JournalSeal.NoTag.Span, content.WrittenSpan);
        return (run with
        {
            State = DurableRunState.Ended,
            Due = host.Now + host.Options.ConversationRetention,
            Entries = 1,
            Bytes = part.Length,
            Head = RunJournal.HeadOf(seal, 1, JournalSeal.TagOf(part)),
        }, part);
    }
}
