using Enclave.Runs;
using Enclave.Tenants.Policies;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.Admission;

/// <summary>A run after a policy has narrowed it, and the most that it may use.</summary>
internal sealed class GateRun
{
    private const long LeastMicroseconds = 1000;

    private readonly GateRequest _request;

    /// <param name="request">The run at the gate.</param>
    /// <param name="judged">The policy that judges it.</param>
    public GateRun(GateRequest request, JudgedPolicy judged)
    {
        _request = request;
        RunOptions options = request.Options;
        TenantPolicy policy = judged.Policy;
        if (policy.Preset is { } widest && request.Host.PresetOf(options) > widest) options = options with { Preset = widest };
        if (policy.Limits is { } ceiling) options = Within(options, request.Host.LimitsOf(options), ceiling);
        Options = options with
        {
            RunId = request.RunId,
            PolicyVersion = judged.Version,
            AllowsTool = judged.AllowsTool,
            AllowsOrigin = judged.AllowsOrigin,
            ShowsLimits = options.ShowsLimits || policy.ShowsLimits,
        };
        (MayBeEnded, MayWarn) = (judged.MayEnd, judged.MayWarn);
        Demands = judged.Rules.Count == 0 ? [] : DemandsOf(judged.Rules, request.Host.LimitsOf(options));
    }

    private GateRun(GateRun other, RunOptions options, IReadOnlyList<QuotaDemand> demands) =>
        (_request, Options, Demands, Asked, MayBeEnded, MayWarn) = (other._request, options, demands, other.Demands, other.MayBeEnded, other.MayWarn);

    public RunOptions Options { get; }

    /// <summary>True for a durable run that began before.</summary>
    public bool IsResumed => _request.IsResumed;

    /// <summary>True if a quota lets the run begin with the remainder, and ends the run when the remainder is used up.</summary>
    public bool MayBeEnded { get; }

    /// <summary>True if a quota warns from a share on.</summary>
    public bool MayWarn { get; }

    /// <summary>The most that it may use of each quota.</summary>
    public IReadOnlyList<QuotaDemand> Demands { get; }

    /// <summary>The most that the run could use without the quotas; null if quotas have not narrowed it.</summary>
    public IReadOnlyList<QuotaDemand>? Asked { get; }

    /// <summary>The run, narrowed to the remainder of quotas that end runs.</summary>
    public GateRun With(IReadOnlyList<QuotaDemand> left)
    {
        RunOptions options = Options;
        for (int i = 0; i < left.Count; i++)
        {
            long amount = left[i].Amount;
            if (amount >= Demands[i].Amount) continue;
            options = left[i].Rule.Quota.Of switch
            {
                QuotaMeasure.CpuSeconds => options with { CpuTimeout = TimeSpan.FromMicroseconds(amount) },
                QuotaMeasure.WorkerSeconds => options with { Timeout = TimeSpan.FromMicroseconds(amount) },
                _ => options with { MaxToolCalls = (int)amount },
            };
        }

        return new GateRun(this, options, left);
    }

    /// <summary>True if the amount of the demand is enough for a run to begin.</summary>
    public static bool IsEnough(in QuotaDemand demand) =>
        demand.Rule.Quota.Action != QuotaAction.End || demand.Rule.Unit == 1 || demand.Amount >= LeastMicroseconds;

    private QuotaDemand[] DemandsOf(IReadOnlyList<QuotaRule> rules, LimitOptions limits)
    {
        var demands = new QuotaDemand[rules.Count];
        for (int i = 0; i < demands.Length; i++)
        {
            QuotaRule rule = rules[i];
            demands[i] = new QuotaDemand(rule, rule.Quota.Scope == QuotaScope.Key ? Options.Key ?? "" : "", Most(rule.Quota, limits));
        }

        return demands;
    }

    private long Most(TenantQuota quota, LimitOptions limits) => quota.Of switch
    {
        // A durable run that continues was counted when it began.
        QuotaMeasure.Runs => _request.IsResumed && quota.Kind != QuotaKind.Concurrency ? 0 : 1,
        QuotaMeasure.CpuSeconds => (long)limits.CpuTimeout!.Value.TotalMicroseconds,
        QuotaMeasure.WorkerSeconds => (long)limits.Timeout!.Value.TotalMicroseconds,
        QuotaMeasure.ToolCalls => limits.MaxToolCalls!.Value,
        // The host does not know the amount before the run. There must be room for one unit.
        _ => 0,
    };

    /// <summary>Set only limits that the policy has. Other limits stay those of the host.</summary>
    private static RunOptions Within(RunOptions run, LimitOptions now, TenantLimits most) => run with
    {
        Timeout = Lower(run.Timeout, now.Timeout, most.Timeout),
        CpuTimeout = Lower(run.CpuTimeout, now.CpuTimeout, most.CpuTimeout),
        MemoryLimit = Lower(run.MemoryLimit, now.MemoryLimit, most.MemoryLimit),
        MaxToolCalls = Lower(run.MaxToolCalls, now.MaxToolCalls, most.MaxToolCalls),
        MaxIterations = Lower(run.MaxIterations, now.MaxIterations, most.MaxIterations),
        MaxConsoleCalls = Lower(run.MaxConsoleCalls, now.MaxConsoleCalls, most.MaxConsoleCalls),
        MaxConsoleBytes = Lower(run.MaxConsoleBytes, now.MaxConsoleBytes, most.MaxConsoleBytes),
    };

    private static T? Lower<T>(T? own, T? now, T? most)
        where T : struct, IComparable<T> => most is { } ceiling && now is { } limit && limit.CompareTo(ceiling) > 0 ? ceiling : own;
}
