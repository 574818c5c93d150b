using Enclave.Guard.Rules;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave;

/// <summary>Runs that may read their remaining limits (<see cref="RunOptions.ShowsLimits"/>).</summary>
internal sealed class LimitsFeature : IRunFeature
{
    private static readonly (string Name, string? Type)[] s_globals =
    [
        (RunGlobals.Limits,
            "{ remaining(): Promise<{ calls: number, /* ms */ time: number, /* in the unit of each quota */ quotas: Record<string, number> }> }"),
    ];

    public IReadOnlyList<(string Name, string? Type)> GlobalsOf(RunOptions run) => run.ShowsLimits ? s_globals : [];

    public IToolInvoker Station(StationRank rank, HostParts host, RunOptions run, IToolInvoker next) =>
        rank == StationRank.Last && run.ShowsLimits ? new LimitsTool(run, next) : next;
}
