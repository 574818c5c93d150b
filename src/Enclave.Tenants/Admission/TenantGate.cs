using Enclave.Runs;
using Enclave.Tenants.Policies;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.Admission;

/// <summary>Judges the runs of a host by the policies of their tenants.</summary>
/// <param name="policies">The policies.</param>
/// <param name="accounts">The quotas and the ledger.</param>
/// <param name="clock">The clock of waits.</param>
internal sealed class TenantGate(PolicyBook policies, RunAccounts accounts, TimeProvider clock) : IRunGate
{
    /// <summary>The wait of a run that joins the line without a check of the quotas: it is checked when it is woken.</summary>
    private static readonly TimeSpan s_unknown = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TenantRuns> _tenants = new(StringComparer.Ordinal);
    private readonly TenantRuns _unnamed = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<ErrorCode, long> _refused = new();

    /// <inheritdoc/>
    public IReadOnlyDictionary<ErrorCode, long> Refused => _refused;

    /// <inheritdoc/>
    public async ValueTask<RunPass> EnterAsync(GateRequest run, CancellationToken cancellationToken)
    {
        string? tenant = run.Options.Tenant;
        TenantRuns runs = Take(tenant);
        long began = clock.GetTimestamp();
        TenantRuns.Waiter? waiter = null;
        RunPass? pass = null;
        try
        {
            bool mayOvertake = !runs.IsBehind(run.Options.Key);
            while (true)
            {
                TimeSpan waited = clock.GetElapsedTime(began);
                (pass, Hindrance? hindrance, TimeSpan patience) = mayOvertake || waiter is not null
                    ? await TryAsync(run, runs, waited, cancellationToken).ConfigureAwait(false)
                    : (null, null, s_unknown);
                if (pass is not null) return pass;
                if (hindrance is not { MayWait: false } && waited < patience) waiter ??= runs.TryJoin(run.Options.Key);
                if (waiter is null || hindrance is { MayWait: false } || waited >= patience)
                    return Refuse(run, hindrance?.Error ?? TenantTexts.ShareFull(tenant, runs.Waiting, waited), waited);
                if (hindrance is not null) runs.WakeNext(waiter);
                await runs.WaitAsync(waiter, patience - waited, clock, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (waiter is not null) runs.Leave(waiter);
            // A pass releases the tenant's object when the run has left.
            if (pass is null) Release(tenant, runs);
        }
    }

    /// <inheritdoc/>
    public ExecutionError? WhyNot(GateRequest run)
    {
        string? tenant = run.Options.Tenant;
        if (policies.Of(tenant) is not { } policy) return TenantTexts.Unknown(tenant);
        if (policy.Policy.State is TenantState.Suspended or TenantState.Draining) return TenantTexts.Suspended(tenant, policy.Policy.State);
        if (run.Host.Level > policy.Policy.Level) return TenantTexts.WeakLevel(tenant, policy.Policy.Level.Value, run.Host.Level);
        return accounts.Peek(policy, new GateRun(run, policy));
    }

    /// <inheritdoc/>
    public RunOptions Narrow(GateRequest run) => policies.Of(run.Options.Tenant) is { } policy ? new GateRun(run, policy).Options : run.Options;

    /// <summary>The state of a tenant; null if it has no policy, and unknown tenants are refused.</summary>
    public TenantState? StateOf(string? tenant) => policies.Of(tenant)?.Policy.State;

    /// <summary>The runs of a tenant at this moment.</summary>
    public (int Running, int Waiting) CountOf(string? tenant)
    {
        if (tenant is null) return (_unnamed.Running, _unnamed.Waiting);
        lock (_gate) return _tenants.TryGetValue(tenant, out TenantRuns? runs) ? (runs.Running, runs.Waiting) : (0, 0);
    }

    /// <summary>The tenants that have runs at this moment.</summary>
    public IReadOnlyList<string> Active()
    {
        lock (_gate) return [.. _tenants.Keys];
    }

    /// <summary>A policy has changed: runs of suspended tenants end, and those that wait look again.</summary>
    public void OnChanged(TenantChange change)
    {
        (string? Name, TenantRuns Runs)[] known;
        lock (_gate) known = [.. _tenants.Where((one) => change.Tenant is null || one.Key == change.Tenant).Select((one) => ((string?)one.Key, one.Value))];
        if (change.Tenant is null) known = [.. known, (null, _unnamed)];
        foreach ((string? name, TenantRuns runs) in known)
        {
            if (policies.Of(name)?.Policy.State is TenantState.Suspended) runs.EndAll();
            else runs.WakeAll();
        }
    }

    private async ValueTask<(RunPass? Pass, Hindrance? Hindrance, TimeSpan Patience)> TryAsync(
        GateRequest run, TenantRuns runs, TimeSpan waited, CancellationToken cancellationToken)
    {
        string? tenant = run.Options.Tenant;
        // Read the token before the policy, so that a suspension after this moment ends the run.
        CancellationToken ending = runs.Ending;
        if (policies.Of(tenant) is not { } judged) return (null, Hindrance.For(TenantTexts.Unknown(tenant)), default);
        TenantPolicy policy = judged.Policy;
        if (policy.State is TenantState.Suspended or TenantState.Draining)
            return (null, Hindrance.For(TenantTexts.Suspended(tenant, policy.State)), default);
        if (policy.State == TenantState.Paused) return (null, new Hindrance(TenantTexts.Paused(tenant, waited), true), policy.MaxWait);
        if (run.Host.Level > policy.Level) return (null, Hindrance.For(TenantTexts.WeakLevel(tenant, policy.Level.Value, run.Host.Level)), default);
        if (!runs.TryEnter(policy.Concurrency))
            return (null, new Hindrance(TenantTexts.ShareFull(tenant, policy.Concurrency!.Value, waited), true), policy.MaxWait);
        bool isIn = false;
        try
        {
            var asked = new GateRun(run, judged);
            Reservation reserved = await accounts.ReserveAsync(judged, asked, cancellationToken).ConfigureAwait(false);
            if (reserved.Hindrance is not null) return (null, reserved.Hindrance, policy.MaxWait);
            isIn = true;
            var pass = new TenantPass(accounts, reserved, () => Left(tenant, runs))
            {
                Options = reserved.Run!.Options is { ShowsLimits: true } told && reserved.Run.Demands.Count > 0
                    ? told with { QuotasLeft = (token) => accounts.LeftOfAsync(reserved, token) } : reserved.Run.Options,
                Waited = waited,
                Ending = ending,
            };
            return (pass, null, default);
        }
        finally
        {
            if (!isIn) runs.Withdraw();
        }
    }

    private void Left(string? tenant, TenantRuns runs)
    {
        runs.Leave();
        Release(tenant, runs);
    }

    private RefusedPass Refuse(GateRequest run, ExecutionError error, TimeSpan waited)
    {
        _refused.AddOrUpdate(error.Code, 1, static (_, runs) => runs + 1);
        TenantWatch.Refused(error);
        return new RefusedPass { Options = run.Options with { RunId = run.RunId }, Refusal = error, Waited = waited };
    }

    private TenantRuns Take(string? tenant)
    {
        if (tenant is null) return _unnamed;
        lock (_gate)
        {
            if (!_tenants.TryGetValue(tenant, out TenantRuns? runs)) _tenants[tenant] = runs = new TenantRuns();
            runs.Users++;
            return runs;
        }
    }

    /// <summary>Tenants without runs are not kept.</summary>
    private void Release(string? tenant, TenantRuns runs)
    {
        if (tenant is null) return;
        lock (_gate)
        {
            if (--runs.Users == 0) _tenants.Remove(tenant);
        }
    }
}
