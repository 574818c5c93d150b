using Enclave.Tests;
using Enclave.Workers.Comparison;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>Changes that an attacker plants in a worker during a job: either the reset undoes them, or the host finds them before the next job.</summary>
[Collection(Jail.Collection)]
public sealed class PlantedChangeTests
{
    /// <summary>All levels, and one as on a kernel before Linux 6.7.</summary>
    public static TheoryData<SecurityLevel, string> Hosts =>
        [.. Enum.GetValues<SecurityLevel>().Select((level) => (level, nameof(PageListing.Scan))), (SecurityLevel.Strict, nameof(PageListing.Entries))];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task T5_A_byte_planted_anywhere_in_a_worker_is_gone_or_found_before_its_next_job(SecurityLevel level, string listing)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        var random = new Random(20261122);
        int found = 0, undone = 0, ended = 0;
        await using var host = new WatchedHost(level, ResetComparison.EveryRun, listing);
        for (int i = 0; i < TestSize.Of(40, 2_500); i++)
        {
            long accused = host.Accused;
            Planted planted = await host.Plant((pid) => Planted.Anywhere(pid, random));
            if (host.Pid == planted.Pid)
            {
                // The job wrote this page too, and the reset copied it back. The cell of the last job may not have ended yet.
                await Within.Becomes(planted.IsUndone, "the byte was as in the nursery", planted.ToString);
                undone++;
                continue;
            }

            // The job or the reset needed the byte, and the worker crashed or made a forbidden call.
            if (host.Accused == accused)
            {
                ended++;
                continue;
            }

            SecurityEvent? told = null;
            await Within.Becomes(() => host.Events.TryDequeue(out told) && told.ProcessId == planted.Pid, "a security event came", planted.ToString);
            if (told!.Kind == SecurityEventKind.MemoryMismatch) found++;
            else ended++;
        }

        // A full run of 2,500 changes found 62 %. A short one of 40 scatters around that.
        Assert.True(found > (undone + ended) / (TestSize.Full ? 1 : 2), $"{found} found, {undone} undone, {ended} ended by themselves");
        TestContext.Current.TestOutputHelper?.WriteLine($"{found} found, {undone} undone, {ended} ended by themselves");
    }

    /// <summary>
    /// The level's own setting finds a change that no reset undoes: at STRICT after the first run, or after 64 runs on average if the kernel would have
    /// kept the worker from it; at SECURE after 64 runs on average.
    /// </summary>
    [Theory]
    [InlineData(SecurityLevel.Strict, nameof(Planted.InConstants), 1, 1)]
    [InlineData(SecurityLevel.Strict, nameof(Planted.InCode), 64, 2_000)]
    [InlineData(SecurityLevel.Secure, nameof(Planted.InCode), 64, 2_000)]
    public async Task T5_A_planted_byte_is_found_as_soon_as_the_levels_own_comparison_says(SecurityLevel level, string place, int onAverage, int most)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        var random = new Random(64);
        var counts = new List<int>();
        int tries = 0, wanted = TestSize.Of(8, 200);
        bool keeps = false;
        await using var host = new WatchedHost(level, ResetComparison.ByLevel, nameof(PageListing.Scan));
        for (; counts.Count < wanted; tries++)
        {
            Assert.True(tries < 2 * wanted, $"only {counts.Count} of {tries} changes stayed");
            if (await host.RunsUntilFound(Plant, most) is { } runs) counts.Add(runs);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"found after {string.Join(", ", counts)} runs; {tries - wanted} changes ended the worker");
        // One run in 64 misses a change 2,000 times in a row once in 10^13 changes.
        Assert.All(counts, (runs) => Assert.InRange(runs, 1, most));
        if (TestSize.Full && (level != SecurityLevel.Strict || keeps)) Assert.InRange(counts.Average(), onAverage * 0.6, onAverage * 1.4);

        Planted Plant(int pid)
        {
            keeps = MemoryKinds.Of(pid).Sealed.Count > 0;
            return place == nameof(Planted.InCode) ? Planted.InCode(pid, random) : Planted.InConstants(pid, random);
        }
    }

    /// <summary>STANDARD and PERMISSIVE compare nothing unless the operator asks for it: docs/levels.md says so.</summary>
    [Theory]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task Where_the_level_compares_nothing_a_planted_byte_stays(SecurityLevel level)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        const int Most = 200;
        var random = new Random(64);
        await using var host = new WatchedHost(level, ResetComparison.ByLevel, nameof(PageListing.Scan));
        int? runs = null;
        for (int tries = 0; tries < 8 && runs is null; tries++) runs = await host.RunsUntilFound((pid) => Planted.InCode(pid, random), Most);

        Assert.Equal(Most + 1, runs);
    }

    [Theory]
    [InlineData(nameof(PageListing.Scan))]
    [InlineData(nameof(PageListing.Entries))]
    public async Task A_worker_that_nobody_changed_is_not_accused(string listing)
    {
        await using var host = new WatchedHost(SecurityLevel.Strict, ResetComparison.EveryRun, listing);
        for (int i = 0; i < TestSize.Of(200, 10_000); i++) await host.Plant((pid) => Planted.Nothing(pid));

        Assert.Empty(host.Events);
        Assert.Equal(0, host.Recycled);
    }
}
