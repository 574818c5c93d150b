using Enclave.Runs;
using Enclave.Tenants.Policies;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.UnitTests;

/// <summary>Quotas, policies and runs for tests.</summary>
internal static class Make
{
    public static TenantQuota Budget(
        decimal value, string per = "day", QuotaMeasure of = QuotaMeasure.Runs, string zone = "UTC", QuotaScope scope = QuotaScope.Tenant,
        QuotaAction action = QuotaAction.Refuse) =>
        new() { Of = of, Kind = QuotaKind.Budget, Value = value, Per = per, TimeZone = zone, Scope = scope, Action = action };

    public static TenantQuota Rate(decimal value, string per, decimal? burst = null) =>
        new() { Of = QuotaMeasure.Runs, Kind = QuotaKind.Rate, Value = value, Per = per, Burst = burst };

    public static TenantPolicy Policy(params TenantQuota[] quotas) => new() { Quotas = quotas };

    public static TenantPolicies Of(string tenant, TenantPolicy policy) => new() { Tenants = new Dictionary<string, TenantPolicy> { [tenant] = policy } };

    public static QuotaDemand Demand(TenantQuota quota, long amount = 1, string key = "") => new(new QuotaRule(quota), key, amount);

    /// <summary>A run at the gate of a host with usual limits.</summary>
    public static GateRequest Run(string? tenant = "acme", string? key = null, RunOptions? options = null, SecurityLevel level = SecurityLevel.Standard)
    {
        RunOptions run = (options ?? new RunOptions()) with { Tenant = tenant, Key = key, RunId = Guid.NewGuid().ToString("n") };
        return new GateRequest(run, run.RunId!, new UsualHost(level));
    }

    /// <summary>What a run used that succeeded.</summary>
    public static ExecutionStats Stats(double cpuMs = 1, int toolCalls = 0, long bytes = 0) => new()
    {
        WorkerId = 1,
        Duration = TimeSpan.FromMilliseconds(2 * cpuMs),
        KernelCpuTime = TimeSpan.FromMilliseconds(cpuMs),
        ToolCallCount = toolCalls,
        BytesIn = bytes,
    };

    public static ExecutionResult Success(ExecutionStats stats) =>
        new() { Value = Protocol.ScriptValue.From(1), Error = null, Stdout = "", Stats = stats, RunId = "run" };

    public static ExecutionResult Failure(ErrorCode code, ExecutionStats stats, string? reason = null) => Success(stats) with
    {
        Error = new ExecutionError
        {
            Code = code,
            Name = code.ToCode(),
            Message = "",
            Data = reason is null ? null : new Dictionary<string, object?> { ["reason"] = reason },
        },
    };

    private sealed class UsualHost(SecurityLevel level) : IGateHost
    {
        public SecurityLevel Level => level;

        public LimitOptions LimitsOf(RunOptions run) => run.Over(new RunOptions
        {
            Timeout = TimeSpan.FromSeconds(30),
            CpuTimeout = run.Timeout ?? TimeSpan.FromSeconds(30),
            MemoryLimit = 64 << 20,
            MaxToolCalls = 100,
            MaxIterations = 10_000,
            MaxConsoleCalls = 1000,
            MaxConsoleBytes = 1 << 20,
        });

        public Guard.GuardPreset PresetOf(RunOptions run) => run.Preset ?? Guard.GuardPreset.AgentScript;
    }
}
