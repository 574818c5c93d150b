using System.Globalization;

namespace Enclave.Protocol.Values;

/// <summary>Dates as JavaScript's <c>toISOString</c> writes them, over the whole range of <c>Date</c>.</summary>
internal static class IsoDate
{
    private const long MillisecondsPerDay = 86_400_000;

    /// <summary>Returns a time, in milliseconds since 1970, as ISO 8601 in UTC.</summary>
    public static string Format(long milliseconds)
    {
        long days = Math.DivRem(milliseconds, MillisecondsPerDay, out long inDay);
        if (inDay < 0)
        {
            days--;
            inDay += MillisecondsPerDay;
        }

        (long year, int month, int day) = Civil(days);
        string yearText = year is >= 0 and <= 9999
            ? year.ToString("0000", CultureInfo.InvariantCulture)
            : year.ToString("+000000;-000000", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{yearText}-{month:00}-{day:00}T{inDay / 3_600_000:00}:{inDay / 60_000 % 60:00}:{inDay / 1000 % 60:00}.{inDay % 1000:000}Z");
    }

    // Howard Hinnant's civil_from_days: DateTime stops at the years 1 and 9999, Date does not.
    private static (long Year, int Month, int Day) Civil(long days)
    {
        const int DaysPerEra = 146_097;
        days += 719_468;
        long era = (days >= 0 ? days : days - (DaysPerEra - 1)) / DaysPerEra;
        int dayOfEra = (int)(days - era * DaysPerEra);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / (DaysPerEra - 1)) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        return (year, month, day);
    }
}
