using Enclave.Tenants.Policies;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.UnitTests;

/// <summary>No period, no stretch and no bucket has one unit more in it than its quota allows, whatever the clock does.</summary>
public sealed class QuotaCounterTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // Summer begins and ends; a zone that leaves out its midnight, one that repeats it, one with half an hour, one that left out a whole day.
    [InlineData("UTC", "2026-11-30")]
    [InlineData("Europe/Zurich", "2026-03-28")]
    [InlineData("Europe/Zurich", "2026-10-24")]
    [InlineData("America/Havana", "2026-03-07")]
    [InlineData("America/Havana", "2026-10-31")]
    [InlineData("Australia/Lord_Howe", "2026-04-04")]
    [InlineData("Pacific/Apia", "2011-12-28")]
    [InlineData("America/Goose_Bay", "2010-11-06")]
    public void A_day_has_its_value_and_no_more_in_each_zone(string zone, string from)
    {
        TenantQuota quota = Make.Budget(3, "day", zone: zone);
        TimeZoneInfo info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var book = new QuotaBook();
        var entered = new Dictionary<DateOnly, int>();
        DateTimeOffset begin = DateTimeOffset.Parse($"{from}T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        for (int minute = 0; minute < 4 * 24 * 60; minute += 7)
        {
            DateTimeOffset now = begin.AddMinutes(minute);
            if (!TryRun(book, quota, now)) continue;
            var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, info).DateTime);
            entered[day] = entered.GetValueOrDefault(day) + 1;
        }

        Assert.All(entered.Values, (count) => Assert.Equal(3, count));
        Assert.InRange(entered.Count, 4, 5);
    }

    [Theory]
    [InlineData("day", "UTC", "2026-12-01T00:00:00Z")]
    [InlineData("day", "Europe/Zurich", "2026-11-30T23:00:00Z")]
    [InlineData("week", "UTC", "2026-12-07T00:00:00Z")]
    [InlineData("month", "America/New_York", "2026-12-01T05:00:00Z")]
    [InlineData("year", "Asia/Kolkata", "2026-12-31T18:30:00Z")]
    [InlineData("hour", "Asia/Kolkata", "2026-11-30T13:00:00Z")]
    [InlineData("minute", "UTC", "2026-11-30T12:01:00Z")]
    public void A_refusal_says_when_the_next_period_begins(string per, string zone, string expected)
    {
        TenantQuota quota = Make.Budget(1, per, zone: zone);
        var book = new QuotaBook();
        Assert.True(TryRun(book, quota, s_noon));

        DateTimeOffset room = book.Find(Make.Demand(quota), s_noon)!.Room!.Value;

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), room);
        Assert.NotNull(book.Find(Make.Demand(quota), room.AddTicks(-1)));
        Assert.Null(book.Find(Make.Demand(quota), room));
    }

    [Fact]
    public void No_stretch_of_a_sliding_budget_has_more_than_its_value()
    {
        var random = new Random(71);
        for (int round = 0; round < 50; round++)
        {
            int value = random.Next(1, 8);
            var length = TimeSpan.FromSeconds(random.Next(1, 3600));
            TenantQuota quota = Make.Budget(value, $"{length.TotalSeconds}s");
            var book = new QuotaBook();
            var entered = new List<DateTimeOffset>();
            DateTimeOffset now = s_noon;
            for (int i = 0; i < 300; i++)
            {
                now += length * (random.NextDouble() / value);
                if (TryRun(book, quota, now)) entered.Add(now);
            }

            for (int i = value; i < entered.Count; i++) Assert.True(entered[i] - entered[i - value] >= length, $"{value} in {length}: one more");
            // It gives what is there, late by a part at most.
            Assert.True(entered.Count >= (int)((now - s_noon) / (length * (1 + (2.0 / 64)))) * value / 2);
        }
    }

    [Fact]
    public void A_refusal_of_a_sliding_budget_says_when_there_is_room()
    {
        TenantQuota quota = Make.Budget(2, "1h");
        var book = new QuotaBook();
        Assert.True(TryRun(book, quota, s_noon));
        Assert.True(TryRun(book, quota, s_noon.AddMinutes(10)));

        DateTimeOffset room = book.Find(Make.Demand(quota), s_noon.AddMinutes(20))!.Room!.Value;

        Assert.InRange(room, s_noon.AddHours(1), s_noon.AddHours(1).AddMinutes(1));
        Assert.Null(book.Find(Make.Demand(quota), room));
    }

    [Fact]
    public void A_bucket_gives_its_burst_and_then_its_rate()
    {
        TenantQuota quota = Make.Rate(60, "minute", burst: 5);
        var book = new QuotaBook();
        for (int i = 0; i < 5; i++) Assert.True(TryRun(book, quota, s_noon));
        Assert.False(TryRun(book, quota, s_noon));
        Assert.Equal(s_noon.AddSeconds(1), book.Find(Make.Demand(quota), s_noon)!.Room);
        Assert.False(TryRun(book, quota, s_noon.AddSeconds(1).AddTicks(-1)));
        Assert.True(TryRun(book, quota, s_noon.AddSeconds(1)));
        Assert.False(TryRun(book, quota, s_noon.AddSeconds(1)));
    }

    [Fact]
    public void A_rate_that_no_whole_tick_divides_is_exact()
    {
        TenantQuota quota = Make.Rate(7, "1s");
        var book = new QuotaBook();
        int entered = 0;
        for (int i = 0; i < 100_000; i++) entered += TryRun(book, quota, s_noon.AddTicks(i * 1000L)) ? 1 : 0;
        // Ten seconds less a moment: the bucket at first, and what flowed in.
        Assert.Equal(7 + 69, entered);
    }

    [Fact]
    public void A_clock_that_is_set_back_gives_nothing_twice()
    {
        TenantQuota day = Make.Budget(2, "day"), sliding = Make.Budget(2, "24h"), rate = Make.Rate(2, "day");
        foreach (TenantQuota quota in new[] { day, sliding, rate })
        {
            var book = new QuotaBook();
            Assert.True(TryRun(book, quota, s_noon));
            Assert.True(TryRun(book, quota, s_noon));
            // Tomorrow by mistake, and back again.
            if (quota == day) Assert.True(TryRun(book, quota, s_noon.AddDays(1)));
            for (int minutes = -600; minutes <= 0; minutes += 60) Assert.False(TryRun(book, quota, s_noon.AddMinutes(minutes)), $"{quota.Per}: {minutes}");
        }
    }

    [Fact]
    public void A_clock_that_was_far_ahead_does_not_close_a_quota_for_years()
    {
        foreach (TenantQuota quota in new[] { Make.Budget(1, "day"), Make.Budget(1, "24h") })
        {
            var book = new QuotaBook();
            Assert.True(TryRun(book, quota, s_noon.AddYears(4)));
            TryRun(book, quota, s_noon);
            Assert.True(TryRun(book, quota, s_noon.AddDays(2)), $"{quota.Per} stays closed");
        }
    }

    [Fact]
    public void A_run_counts_with_what_it_may_use_until_it_has_ended_and_then_with_what_it_used()
    {
        TenantQuota quota = Make.Budget(10, "day", QuotaMeasure.CpuSeconds);
        var book = new QuotaBook();
        QuotaDemand six = Make.Demand(quota, 6_000_000);
        Assert.Null(book.Find(six, s_noon));
        book.Take("one", [six], s_noon);
        QuotaShortage shortage = book.Find(six, s_noon)!;
        Assert.Equal((6_000_000, 6_000_000), (shortage.Used, shortage.Wanted));

        book.Settle("one", new RunUse(true, 1_500_000, 0, 0, 0));
        // Nothing counts twice.
        book.Settle("one", new RunUse(true, 1_500_000, 0, 0, 0));

        Assert.Equal(1_500_000, book.UsedOf(six, s_noon));
        Assert.Null(book.Find(six, s_noon));
    }

    [Fact]
    public void A_run_that_began_yesterday_is_settled_yesterday()
    {
        TenantQuota quota = Make.Budget(10, "day", QuotaMeasure.CpuSeconds);
        var book = new QuotaBook();
        QuotaDemand demand = Make.Demand(quota, 5_000_000);
        book.Take("one", [demand], s_noon);
        book.Settle("one", new RunUse(true, 4_000_000, 0, 0, 0));
        Assert.Equal(0, book.UsedOf(demand, s_noon.AddDays(1)));
        Assert.Equal(4_000_000, book.UsedOf(demand, s_noon));
    }

    [Fact]
    public void A_run_that_no_worker_began_with_is_given_back_to_a_budget_but_not_to_a_rate()
    {
        TenantQuota budget = Make.Budget(1), rate = Make.Rate(1, "day");
        var book = new QuotaBook();
        book.Take("one", [Make.Demand(budget), Make.Demand(rate)], s_noon);
        book.Settle("one", default(RunUse));
        Assert.Equal(0, book.UsedOf(Make.Demand(budget), s_noon));
        Assert.Equal(1, book.UsedOf(Make.Demand(rate), s_noon));
    }

    [Fact]
    public void Keys_have_counters_of_their_own_and_their_number_is_bounded()
    {
        TenantQuota quota = Make.Budget(1, scope: QuotaScope.Key);
        var book = new QuotaBook();
        for (int i = 0; i < QuotaBook.MaxCounters; i++) Assert.True(TryRun(book, quota, s_noon, $"key {i}"));
        Assert.False(TryRun(book, quota, s_noon, "key 0"));
        Assert.False(TryRun(book, quota, s_noon, "one more"));
        Assert.Equal(QuotaBook.MaxCounters, book.Counters.Count);
    }

    [Fact]
    public void A_quota_warns_once_in_a_period_from_its_share_on()
    {
        TenantQuota quota = Make.Budget(10) with { WarnAt = 0.8 };
        QuotaDemand[] demands = [Make.Demand(quota)];
        var book = new QuotaBook();
        int warned = 0;
        for (int i = 0; i < 20; i++)
        {
            TryRun(book, quota, i < 10 ? s_noon : s_noon.AddDays(1));
            int now = book.Warnings(demands, i < 10 ? s_noon : s_noon.AddDays(1)).Count();
            if (now > 0) Assert.Contains(i, (int[])[7, 17]);
            warned += now;
        }

        Assert.Equal(2, warned);
    }

    private static bool TryRun(QuotaBook book, TenantQuota quota, DateTimeOffset now, string key = "")
    {
        QuotaDemand demand = Make.Demand(quota, 1, key);
        if (book.Find(demand, now) is not null) return false;
        string run = Guid.NewGuid().ToString();
        book.Take(run, [demand], now);
        book.Settle(run, new RunUse(true, 0, 0, 0, 0));
        return true;
    }
}
