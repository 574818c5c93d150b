using Enclave.Tenants.Schedules;
using Enclave.Tests;

namespace Enclave.Tenants.UnitTests;

/// <summary>The times of schedules, also where a zone changes its clocks.</summary>
public sealed class ScheduleTimesTests
{
    private static readonly string[] s_crons =
        ["30 2 * * *", "*/30 * * * *", "0 0 1 1 *", "15 */7 * * *", "*/20 * * * * *", "0 6 * * MON-FRI", "0 12 L * *", "5,35 1-3 * * *", "0 30 2 * * SUN"];

    [Theory]
    // The clocks go from 2:00 to 3:00: the time that is left out runs right after it.
    [InlineData("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z")]
    // The clocks go from 3:00 to 2:00: a time of the day runs once.
    [InlineData("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", "2026-10-27T01:30:00Z")]
    // Steps go on through the hour that comes twice, and through the one that is left out.
    [InlineData("*/30 * * * *", "2026-10-24T23:59:00Z", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z")]
    [InlineData("*/30 * * * *", "2026-03-29T00:29:00Z", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("10 30 2 * * *", "2026-03-30T12:00:00Z", "2026-03-31T00:30:10Z", "2026-04-01T00:30:10Z", "2026-04-02T00:30:10Z")]
    public void Cron_follows_the_clocks_of_its_zone(string cron, string after, params string[] expected)
    {
        IReadOnlyList<DateTimeOffset> next = SavedSchedules.Next(Schedule() with { Cron = cron, TimeZone = "Europe/Zurich" }, Time(after), expected.Length);

        Assert.Equal(expected.Select(Time), next);
        Assert.Equal(10, SavedSchedules.Next(Schedule() with { Cron = cron }, Time(after)).Count);
    }

    [Fact]
    public void Intervals_count_from_their_start_whatever_the_clocks_do()
    {
        ScriptSchedule schedule = Schedule() with { Every = TimeSpan.FromHours(12), TimeZone = "Europe/Zurich", Start = Time("2026-03-28T10:00:00Z") };

        Assert.Equal(["2026-03-28T22:00:00Z", "2026-03-29T10:00:00Z", "2026-03-29T22:00:00Z"],
            SavedSchedules.Next(schedule, Time("2026-03-28T09:00:00Z"), 3).Select((time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ")));
        Assert.Equal([Time("2026-04-01T00:00:00Z")], SavedSchedules.Next(Schedule() with { At = Time("2026-04-01T00:00:00Z") }, Time("2026-03-28T09:00:00Z")));
    }

    /// <summary>The scheduler looks back from now; people look forward. Both see the same times, over both changes of the clocks.</summary>
    [Fact]
    public void Looking_back_finds_the_times_that_looking_forward_finds()
    {
        for (int seed = 0; seed < TestSize.Of(300, full: 5000); seed++)
        {
            var random = new Random(seed);
            string zone = random.Next(2) == 0 ? "Europe/Zurich" : "America/New_York";
            ScriptSchedule schedule = Schedule() with { TimeZone = zone, Start = Time("2026-01-01T00:00:00Z") };
            schedule = random.Next(4) == 0
                ? schedule with { Every = TimeSpan.FromSeconds(random.Next(1, 100_000)) } : schedule with { Cron = s_crons[random.Next(s_crons.Length)] };
            DateTimeOffset change = Time(random.Next(2) == 0 ? "2026-03-29T01:00:00Z" : "2026-10-25T01:00:00Z");
            DateTimeOffset from = change.AddSeconds(random.Next(-200_000, 10_000)), to = from.AddSeconds(random.Next(1, 40_000));
            var forward = new List<DateTimeOffset>();
            for (DateTimeOffset? next = ScheduleTimes.Next(schedule, from); next <= to; next = ScheduleTimes.Next(schedule, next.Value))
                forward.Add(next.Value);
            var back = new List<DateTimeOffset>();
            for (DateTimeOffset upTo = to; ScheduleTimes.Last(schedule, upTo, from) is { } last; upTo = last.AddTicks(-1)) back.Add(last);
            back.Reverse();
            Assert.True(forward.SequenceEqual(back), $"seed {seed}: {schedule.Cron ?? $"{schedule.Every}"} from {from:O} to {to:O}");
        }
    }

    [Fact]
    public void What_is_out_of_range_is_refused_with_its_name()
    {
        (ScriptSchedule Schedule, string Message)[] wrong =
        [
            (Schedule(), "a schedule has one of"),
            (Schedule() with { Cron = "* * * * *", Every = TimeSpan.FromHours(1) }, "a schedule has one of"),
            (Schedule() with { Cron = "61 * * * *" }, "'61 * * * *' is no line of cron"),
            (Schedule() with { Cron = "H H * * *" }, "is no line of cron"),
            (Schedule() with { Cron = new string('*', 300) }, "at most 200"),
            (Schedule() with { Cron = "* * * * *", TimeZone = "Mars/Base" }, "does not know the time zone 'Mars/Base'"),
            (Schedule() with { Every = TimeSpan.FromMilliseconds(1) }, "range: 1 s to 366 days"),
            (Schedule() with { Every = TimeSpan.FromHours(1), MissedRuns = 101 }, "range: 1 to 100"),
            (Schedule() with { Every = TimeSpan.FromHours(1), Script = "report@x" }, "NAME or NAME@VERSION"),
            (Schedule() with { Every = TimeSpan.FromHours(1), Arguments = new string(' ', 70_000) }, "at most 65536"),
        ];

        Assert.All(wrong, (one) => Assert.Contains(
            one.Message,
            Assert.Throws<SavedScriptException>(() => SavedSchedules.Next(one.Schedule, DateTimeOffset.UnixEpoch)).Message,
            StringComparison.Ordinal));
    }

    private static ScriptSchedule Schedule() => new() { Name = "nightly", Script = "report" };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
