using Enclave.Configuration;

namespace Enclave.Tenants.Policies;

/// <summary>The period of a quota: a unit of the calendar, or a stretch of time.</summary>
/// <param name="Unit">The unit; <see cref="CalendarUnit.None"/> for a stretch.</param>
/// <param name="Length">The length of the stretch. For a unit it is the unit's usual length, for rates.</param>
internal readonly record struct QuotaPeriod(CalendarUnit Unit, TimeSpan Length)
{
    /// <summary>The form for messages to people.</summary>
    public const string Form = "minute, hour, day, week, month or year, or a time from 1s to 366d like 24h";

    // The month of a rate has 30 days: such rates are rare, and a bucket does not follow the calendar.
    private static readonly Dictionary<string, QuotaPeriod> s_units = new(StringComparer.Ordinal)
    {
        ["minute"] = new(CalendarUnit.Minute, TimeSpan.FromMinutes(1)),
        ["hour"] = new(CalendarUnit.Hour, TimeSpan.FromHours(1)),
        ["day"] = new(CalendarUnit.Day, TimeSpan.FromDays(1)),
        ["week"] = new(CalendarUnit.Week, TimeSpan.FromDays(7)),
        ["month"] = new(CalendarUnit.Month, TimeSpan.FromDays(30)),
        ["year"] = new(CalendarUnit.Year, TimeSpan.FromDays(365)),
    };

    /// <summary>Reads a period. Returns false if the text is not a period.</summary>
    public static bool TryRead(string text, out QuotaPeriod period)
    {
        if (s_units.TryGetValue(text, out period)) return true;
        bool isTime = ScalarText.Read(text, typeof(TimeSpan), out object? time) is null;
        period = new QuotaPeriod(CalendarUnit.None, isTime ? (TimeSpan)time! : default);
        // Times are read up to a year of 365 days; a leap year may be written as 00:00:00-like days.
        return isTime && period.Length >= TimeSpan.FromSeconds(1) && period.Length <= TimeSpan.FromDays(366);
    }

    /// <summary>The period of the calendar in which a moment lies: its number, which grows with time, and the moment at which the next one begins.</summary>
    public (long Number, DateTimeOffset End) At(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (Unit is CalendarUnit.Minute or CalendarUnit.Hour)
        {
            long number = now.UtcTicks / Length.Ticks;
            return (number, new DateTimeOffset((number + 1) * Length.Ticks, TimeSpan.Zero));
        }

        DateOnly first = FirstDay(now, zone);
        return (first.DayNumber, Begin(Next(first), now, zone));
    }

    private DateOnly FirstDay(DateTimeOffset moment, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);
        return Unit switch
        {
            CalendarUnit.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            CalendarUnit.Month => new DateOnly(day.Year, day.Month, 1),
            CalendarUnit.Year => new DateOnly(day.Year, 1, 1),
            _ => day,
        };
    }

    private DateOnly Next(DateOnly first) => Unit switch
    {
        CalendarUnit.Week => first.AddDays(7),
        CalendarUnit.Month => first.AddMonths(1),
        CalendarUnit.Year => first.AddYears(1),
        _ => first.AddDays(1),
    };

    /// <summary>The first moment of a day. Where clocks leave out its midnight, the day begins later; where they repeat it, at the first one.</summary>
    private DateTimeOffset Begin(DateOnly day, DateTimeOffset now, TimeZoneInfo zone)
    {
        DateTime midnight = day.ToDateTime(TimeOnly.MinValue);
        TimeSpan offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        var begin = new DateTimeOffset(DateTime.SpecifyKind(midnight - offset, DateTimeKind.Utc));
        // A gap is at most some hours; a zone that leaves out a whole day has the next one.
        while (begin <= now || FirstDay(begin, zone) < day) begin += TimeSpan.FromMinutes(15);
        return begin;
    }
}
