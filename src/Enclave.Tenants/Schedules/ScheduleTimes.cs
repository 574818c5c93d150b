using Cronos;

namespace Enclave.Tenants.Schedules;

/// <summary>
/// The times of a schedule. Where a zone changes its clocks, they are those of cron: a time that the change leaves out runs right after it, a time of the day
/// that comes twice runs once, and steps (<c>*/30</c>) continue through the hour that comes twice.
/// </summary>
internal static class ScheduleTimes
{
    private const int MaxCron = 200, MaxArguments = 64 << 10;

    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1), s_most = TimeSpan.FromDays(366);

    /// <exception cref="SavedScriptException">A value is out of its range. The message names it.</exception>
    public static void Check(ScriptSchedule schedule)
    {
        _ = new Scripts.ScriptKey(schedule.Tenant, schedule.Name).Checked();
        _ = new Scripts.ScriptKey(schedule.Tenant, Scripts.ScriptKey.Parse(schedule.Script).Name).Checked();
        if (schedule.OnFailure is { } failed) _ = new Scripts.ScriptKey(schedule.Tenant, Scripts.ScriptKey.Parse(failed).Name).Checked();
        int ways = (schedule.Cron is null ? 0 : 1) + (schedule.Every is null ? 0 : 1) + (schedule.At is null ? 0 : 1);
        if (ways != 1) throw OutOfRange("a schedule has one of: cron (a line of cron), every (an interval), at (one time)");
        if (schedule.Cron is not null) _ = Parse(schedule.Cron);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(schedule.TimeZone, out _))
            throw OutOfRange($"this machine does not know the time zone {Cut(schedule.TimeZone)}: names are those of IANA, as Europe/Zurich");
        if (schedule.Every is { } every && (every < s_least || every > s_most)) throw OutOfRange($"every is {every}; range: 1 s to 366 days");
        if (schedule.MissedRuns is < 1 or > 100) throw OutOfRange($"the most missed runs is {schedule.MissedRuns}; range: 1 to 100");
        if (schedule.OnFailureEvery is < 1 or > 1000) throw OutOfRange($"the failures in a row are {schedule.OnFailureEvery}; range: 1 to 1000");
        if (!Enum.IsDefined(schedule.Overlap) || !Enum.IsDefined(schedule.Missed) || !Enum.IsDefined(schedule.Lost))
            throw OutOfRange("a rule has a value that its enumeration does not have");
        if (schedule.Arguments?.Length > MaxArguments)
            throw OutOfRange($"the arguments have {schedule.Arguments.Length} characters; at most {MaxArguments} are allowed");
    }

    /// <summary>The first time after a moment; null if there is none any more.</summary>
    public static DateTimeOffset? Next(ScriptSchedule schedule, DateTimeOffset after)
    {
        if (schedule.Start is { } start && after < start) after = start;
        if (schedule.At is { } at) return at > after ? at : null;
        if (schedule.Every is { } every)
        {
            long rounds = (after - schedule.Start!.Value).Ticks / every.Ticks + 1;
            return Round(schedule.Start.Value, every, rounds);
        }

        return Parse(schedule.Cron!).GetNextOccurrence(after, ZoneOf(schedule));
    }

    /// <summary>The last time up to a moment that is after another; null if there is none.</summary>
    public static DateTimeOffset? Last(ScriptSchedule schedule, DateTimeOffset upTo, DateTimeOffset after)
    {
        if (schedule.Start is { } start && after < start) after = start;
        if (upTo <= after) return null;
        DateTimeOffset? last = schedule switch
        {
            { At: { } at } => at <= upTo ? at : null,
            { Every: { } every } => Round(schedule.Start!.Value, every, (upTo - schedule.Start.Value).Ticks / every.Ticks),
            _ => LastOfCron(Parse(schedule.Cron!), ZoneOf(schedule), upTo, after),
        };
        return last > after ? last : null;
    }

    /// <summary>
    /// Searches forward only: the library's search back does not find the times that a change of the clocks moves. Some 60 steps for a gap of years.
    /// </summary>
    private static DateTimeOffset? LastOfCron(CronExpression cron, TimeZoneInfo zone, DateTimeOffset upTo, DateTimeOffset after)
    {
        if (!IsBefore(after)) return null;
        (DateTimeOffset low, DateTimeOffset high) = (after, upTo);
        for (TimeSpan back = s_least; upTo - after > back; back *= 2)
        {
            if (IsBefore(upTo - back))
            {
                low = upTo - back;
                break;
            }

            high = upTo - back;
        }

        while (high - low > s_least)
        {
            DateTimeOffset middle = low + (high - low) / 2;
            if (IsBefore(middle)) low = middle;
            else high = middle;
        }

        DateTimeOffset last = cron.GetNextOccurrence(low, zone)!.Value;
        while (cron.GetNextOccurrence(last, zone) is { } next && next <= upTo) last = next;
        return last;

        bool IsBefore(DateTimeOffset moment) => cron.GetNextOccurrence(moment, zone) <= upTo;
    }

    private static DateTimeOffset? Round(DateTimeOffset start, TimeSpan every, long rounds) =>
        rounds <= (DateTimeOffset.MaxValue - start).Ticks / every.Ticks ? start + rounds * every : null;

    private static CronExpression Parse(string cron)
    {
        if (cron.Length > MaxCron) throw OutOfRange($"the line of cron has {cron.Length} characters; at most {MaxCron} are allowed");
        int fields = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        try
        {
            return CronExpression.Parse(cron, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
        }
        catch (Exception fault) when (fault is CronFormatException or MissingSeedException)
        {
            throw OutOfRange($"{Cut(cron)} is no line of cron (minute hour day month weekday, with seconds before them if there are six): {fault.Message}");
        }
    }

    private static TimeZoneInfo ZoneOf(ScriptSchedule schedule) => TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);

    private static string Cut(string text) => text.Length <= MaxCron ? $"'{text}'" : $"'{text[..MaxCron]}…'";

    private static SavedScriptException OutOfRange(string message) => new(SavedScriptFault.OutOfRange, message);
}
