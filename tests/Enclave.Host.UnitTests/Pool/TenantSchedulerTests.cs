using Enclave.Pool;

namespace Enclave.Host.Tests;

/// <summary>The choice of the next job, made without a worker.</summary>
public sealed class TenantSchedulerTests
{
    private const int Cores = 4;

    private static readonly TenantScheduler s_scheduler = new(Cores);

    public static TheoryData<string, int, string> Turns => new()
    {
        // Tenants b and d hold a worker, a and c hold none. All of them wait, in the order of their names.
        { "cores are free", 3, "a c b d" },
        { "a job began on every core", 4, "a c, again" },
        { "a job began on every core, and one beside", 5, ", again" },
    };

    [Theory]
    [MemberData(nameof(Turns))]
    public void Tenants_without_a_worker_go_first(string when, int began, string expected)
    {
        TurnDecision turn = s_scheduler.Decide(Load(active: 6, began));

        Assert.Equal((when, expected), (when, string.Join(' ', turn.Tenants) + (turn.LookAgain ? ", again" : "")));
    }

    [Fact]
    public void Jobs_that_run_for_long_hold_nobody_up() =>
        Assert.Equal("a c b d", string.Join(' ', s_scheduler.Decide(Load(active: 8, began: 0)).Tenants));

    [Theory]
    [InlineData("a", 3, true)]
    [InlineData("a", 4, true)]
    [InlineData("a", 5, false)]
    [InlineData("b", 3, true)]
    [InlineData("b", 4, false)]
    public void A_job_begins_at_once_while_a_core_is_left_and_a_first_job_beside_them(string tenant, int began, bool expected) =>
        Assert.Equal(expected, s_scheduler.MayBegin(Load(active: 6, began), tenant));

    [Fact]
    public void Nothing_is_counted_while_there_are_fewer_jobs_than_cores() => Assert.False(s_scheduler.IsTaken(Load(active: 3, began: 9)));

    private static FakeLoad Load(int active, int began) => new()
    {
        Total = 8,
        Active = active,
        Computing = began,
        Waiting = ["a", "b", "c", "d"],
        ByTenant = { ["b"] = 1, ["d"] = 2 },
    };
}
