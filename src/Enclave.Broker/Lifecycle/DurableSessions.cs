using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Executors;
using Enclave.Broker.Sessions;
using Enclave.Journals;
using Enclave.Limits;
using Enclave.Queues;
using Enclave.Streaming;

namespace Enclave.Broker.Lifecycle;

/// <summary>The sessions that outlive their broker: durable runs of its host, which every broker on the same store serves.</summary>
/// <param name="enclave">The host.</param>
/// <param name="host">Its options.</param>
/// <param name="options">The broker's limits.</param>
/// <param name="clock">The broker's clock.</param>
internal sealed class DurableSessions(IEnclave enclave, EnclaveOptions host, BrokerOptions options, TimeProvider clock)
{
    private const int MaxListed = 1000;

    /// <summary>The journals in memory.</summary>
    internal JournalReads Reads { get; } = new();

    /// <summary>True if sessions can be durable here.</summary>
    public bool AreKept => host.Durable is not null;

    /// <summary>Stores a session and starts it. The same request again finds it.</summary>
    public async ValueTask<(ISessionView? Session, BrokerError? Refusal)> OpenAsync(
        Caller caller, SessionRequest request, CancellationToken cancellationToken)
    {
        if (!AreKept) return (null, BrokerError.NotDurable);
        if (options.RequireEncryption) return (null, BrokerError.NotEncrypted);
        QueueVerdict verdict = enclave.CheckQueueRoom(caller.Tenant, default);
        if (BrokerError.Of(verdict, nameof(WorkerPoolOptions.MaxQueueSize), nameof(WorkerPoolOptions.MaxQueuedPerTenant)) is { } full) return (null, full);
        string id = request.SessionId ?? StreamProtocol.SessionPrefix + (request.IdempotencyKey is { } key
            ? Hash($"{caller.Owner}\n{key}")
            : RandomNumberGenerator.GetHexString(32, lowercase: true));
        RunKey run = KeyOf(caller, id);
        try
        {
            RunOptions options = RunOf(caller, request, id) with { Durable = run.Name };
            Task left = await enclave.Runs.BeginAsync(request.Code, options, isAwaited: false, cancellationToken).ConfigureAwait(false);
            // The host of the run logs why it failed, and another host continues the run.
            _ = left.ContinueWith(static (failed) => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
        catch (ArgumentException wrong)
        {
            return (null, BrokerError.Invalid(wrong.Message));
        }
        catch (JournalException fault) when (fault.Fault == JournalFault.NameTaken)
        {
            return (null, request.IdempotencyKey is null || request.SessionId is not null ? BrokerError.Of(fault) : BrokerError.KeyReused);
        }

        return (await FindAsync(caller, id, cancellationToken).ConfigureAwait(false), null);
    }

    /// <summary>An owner's session; null if there is none.</summary>
    public async ValueTask<JournalSession?> FindAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        if (!AreKept || !SessionRequest.IsName(id)) return null;
        return await enclave.Runs.Host.Store.FindAsync(KeyOf(caller, id), cancellationToken).ConfigureAwait(false) is { } row ? View(row, id) : null;
    }

    /// <summary>The newest sessions of an owner.</summary>
    public async ValueTask<IReadOnlyList<ISessionView>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (!AreKept) return [];
        string prefix = KeyOf(caller, "").Name;
        var query = new RunQuery { Tenant = caller.Tenant, NamePrefix = prefix, Limit = MaxListed };
        IReadOnlyList<StoredRun> rows = await enclave.Runs.Host.Store.ListAsync(query, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select((row) => View(row, row.Key.Name[prefix.Length..]))];
    }

    /// <summary>Cancels a session and forgets it. False if there is none.</summary>
    /// <exception cref="JournalException">It cannot be removed now: its calls are undone, or another broker runs it.</exception>
    public async ValueTask<bool> RemoveAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(caller, id, cancellationToken).ConfigureAwait(false) is not { } session) return false;
        await session.CancelAsync(SessionEnd.Cancelled(null), cancellationToken).ConfigureAwait(false);
        RunKey run = KeyOf(caller, id);
        if (await enclave.Runs.DeleteAsync(run.Name, run.Tenant, cancellationToken).ConfigureAwait(false)) return true;
        if (await enclave.Runs.Host.Store.FindAsync(run, cancellationToken).ConfigureAwait(false) is null) return true;
        throw new JournalException(JournalFault.Busy, $"session {id} is cancelled, and what it did is being undone: remove it later");
    }

    private JournalSession View(StoredRun row, string id) => new(enclave.Runs, row, id, options, enclave, Reads, clock);

    /// <summary>The run of a session. Owners of one tenant do not find each other's.</summary>
    private static RunKey KeyOf(Caller caller, string id) => new(caller.Tenant, $"session:{Hash(caller.Owner ?? "")}:{id}");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())).AsSpan(0, 16));

    private RunOptions RunOf(Caller caller, SessionRequest request, string id)
    {
        EnclaveSessionOptions terms = SessionTerms.Of(request.Limits, options);
        return HostExecutor.RunOf(caller, request, id).Within(host.Limits).Within(new LimitOptions(terms)) with
        {
            // A suspended session uses none of this time.
            Timeout = terms.Ttl,
            Session = new DurableSession(
                id, caller.Owner, request.ClientTools, request.Limits is { PerToolDeadlineMs: null, ToolTimeoutMs: null } ? null : terms.ToolTimeout),
        };
    }
}
