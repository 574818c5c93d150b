namespace Enclave.Tenants.Policies;

/// <summary>A unit of the calendar.</summary>
internal enum CalendarUnit
{
    /// <summary>None: the period is a stretch of time.</summary>
    None,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}
