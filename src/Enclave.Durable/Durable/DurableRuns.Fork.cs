using System.Collections.Immutable;
using Enclave.Durable;
using Enclave.Journals;

namespace Enclave;

/// <content>Forks: new runs that begin with what happened in others.</content>
public sealed partial class DurableRuns
{
    /// <summary>
    /// Starts a new run that keeps the beginning of another one's history, with a corrected script or corrected answers, and continues live from there. The
    /// first run stays as it is, in whatever state. The same fork may be started again, as with <see cref="EnclaveDurableExtensions.StartAsync"/>.
    /// </summary>
    /// <param name="name">The name of the run that it is made from.</param>
    /// <param name="fork">Its own name, and what it keeps and corrects.</param>
    /// <param name="options">As for <see cref="EnclaveDurableExtensions.ResumeAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait. A fork that has begun continues.</param>
    /// <returns>The fork when it has ended, or is suspended.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="JournalException">There is no such run, its journal is refused, the name is taken, the script does not repeat what is kept, the tenant
    /// has too many runs, or the store failed.</exception>
    public async Task<DurableRun> ForkAsync(string name, ForkOptions fork, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        Open();
        (RunKey key, ForkPlan plan, ImmutableArray<byte> origin) = await PlanAsync(name, fork, options, cancellationToken).ConfigureAwait(false);
        if (await FindSameAsync(key, origin, cancellationToken).ConfigureAwait(false) is { } same)
            return await same.WaitAsync(cancellationToken).ConfigureAwait(false);
        (ForkPreview preview, IReadOnlyList<JournalEntry> entries) = await new ForkRehearsal(_host, key, options).RunAsync(plan, fork.At, cancellationToken)
            .ConfigureAwait(false);
        if (preview.Difference is { } difference && fork.At is not null) throw new JournalException(
            JournalFault.NotRepeated, $"the script of the fork does not repeat the {fork.At} events that it is to keep: {difference}. Keep fewer");
        Task<DurableRun> left = await BeginAsync(key, origin, entries, options, isAwaited: false, cancellationToken).ConfigureAwait(false);
        return await left.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Shows what <see cref="ForkAsync"/> would keep and do: the script is run up to its first call that is not in the history. No tool is called, and nothing
    /// is stored.
    /// </summary>
    /// <inheritdoc cref="ForkAsync"/>
    /// <returns>The preview.</returns>
    public async Task<ForkPreview> PreviewForkAsync(string name, ForkOptions fork, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        (RunKey key, ForkPlan plan, _) = await PlanAsync(name, fork, options, cancellationToken).ConfigureAwait(false);
        return (await new ForkRehearsal(_host, key, options).RunAsync(plan, fork.At, cancellationToken).ConfigureAwait(false)).Preview;
    }

    private async Task<(RunKey Key, ForkPlan Plan, ImmutableArray<byte> Origin)> PlanAsync(
        string name, ForkOptions fork, RunOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(fork);
        RunKey.CheckGiven(fork.Name);
        var from = new RunKey(options?.Tenant, name);
        (StoredRun run, JournalHistory history) = await _host.ReadAsync(from, cancellationToken).ConfigureAwait(false) ?? throw Unknown(name);
        if (_host.WhyNot(history.Opened) is { } why) throw new JournalException(JournalFault.Refused, $"this host cannot fork {name}: {why}");
        var own = new RunOptions
        {
            Durable = fork.Name,
            Tenant = from.Tenant,
            Tools = options?.Tools,
            Language = history.Opened.Language,
            Preset = DurablePart.PresetOf(history.Opened),
        };
        var plan = new ForkPlan(from, history, _host.Open(fork.Code ?? history.Opened.Code, own), fork.Answers, _host.Now);
        if (fork.At is { } at) ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)at, (uint)plan.All, nameof(fork));
        return (new RunKey(from.Tenant, fork.Name), plan, plan.OriginFor(run.Journal, fork.At));
    }
}
