using System.Text.Json;

namespace Enclave.DotNetPeers;

/// <summary>One workload for one peer, as benchmarks/peers/catalogue.mjs reads it.</summary>
/// <param name="Job">The job that is measured: of a bomb, the bomb.</param>
/// <param name="Next">The job after an endless loop.</param>
/// <param name="Neighbour">The job beside a bomb.</param>
/// <param name="KeepUnclean">True to measure a peer although its jobs see one another.</param>
/// <param name="LeastWarmupMs">The time that .NET needs to compile hot code for speed.</param>
internal sealed record Plan(
    string Peer, string Workload, bool KeepUnclean, double LeastWarmupMs, PeerJob Job, PeerJob? Next, PeerJob? Neighbour, CleanJobs Clean,
    PlanSettings Settings)
{
    /// <summary>The exit code of a peer that was not measured because its jobs see one another, as in exit-codes.mjs.</summary>
    public const int Unclean = 3;

    public TimeSpan LeastWarmUp => TimeSpan.FromMilliseconds(LeastWarmupMs);

    public static async Task<Plan> ReadAsync(Stream input) => (await JsonSerializer.DeserializeAsync<Plan>(input, JsonSerializerOptions.Web))!;
}

internal sealed record CleanJobs(PeerJob Dirty, PeerJob Look, JsonElement Expect);

/// <summary>The numbers of a workload; those that it does not have are 0.</summary>
internal sealed record PlanSettings(IReadOnlyList<PlanForm>? Forms, int InFlight, double WarmupMs, double DurationMs, int Repeats);

internal sealed record PlanForm(string Name, double GapMs, int Warmup, int Jobs);
