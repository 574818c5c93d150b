using System.Globalization;
using System.Text.Json.Nodes;
using Enclave.Cli.Terminals;
using Enclave.Tenants;
using Enclave.Tenants.Schedules;

namespace Enclave.Cli.Schedules;

/// <summary>Prints schedules, for people or as JSON.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="json">True to print JSON.</param>
internal sealed class SchedulesPrinter(Terminal terminal, bool json)
{
    private const int Shown = 10;

    public void PrintList(IReadOnlyList<ScheduleStatus> schedules, DateTimeOffset now)
    {
        if (json)
        {
            terminal.Output.WriteJson(new JsonArray([.. schedules.Select((one) => (JsonNode)Node(one, now, 1))]).ToJsonString());
            return;
        }

        foreach (ScheduleStatus status in schedules) terminal.Output.WriteLine(Line(status, now));
    }

    /// <summary>Prints a schedule with its next ten times and its last ten runs.</summary>
    public void Print(ScheduleStatus status, DateTimeOffset now)
    {
        if (json)
        {
            terminal.Output.WriteJson(Node(status, now, Shown).ToJsonString());
            return;
        }

        terminal.Output.WriteLine(Line(status, now));
        foreach (ScheduledFiring firing in status.Firings.TakeLast(Shown))
        {
            string run = firing.RunId is { } id ? $"  {firing.Script ?? "no script"}  run {id}" : "", why = firing.Error is { } error ? $"  {error}" : "";
            terminal.Output.WriteLine($"  {Text(firing.Time)}  {Word(firing.State)}{run}{why}", firing.State == FiringState.Failed ? Ink.Error : Ink.Plain);
        }

        foreach (DateTimeOffset time in NextOf(status, now, Shown)) terminal.Output.WriteLine($"  {Local(status, time)}  next", Ink.Faint);
    }

    public void PrintTimes(ScheduleStatus status, DateTimeOffset now)
    {
        IReadOnlyList<DateTimeOffset> times = NextOf(status, now, Shown);
        if (json) terminal.Output.WriteJson(new JsonArray([.. times.Select((time) => JsonValue.Create(Text(time)))]).ToJsonString());
        else foreach (DateTimeOffset time in times) terminal.Output.WriteLine(Local(status, time));
    }

    private static string Line(ScheduleStatus status, DateTimeOffset now)
    {
        ScriptSchedule schedule = status.Schedule;
        string when = schedule.Cron is { } cron ? $"'{cron}' in {schedule.TimeZone}"
            : schedule.Every is { } every ? $"every {every.ToString("c", CultureInfo.InvariantCulture)}" : $"once at {Text(schedule.At!.Value)}";
        string next = status.IsPaused ? "paused" : NextOf(status, now, 1) is [var first] ? $"next at {Local(status, first)}" : "no time any more";
        string last = status.Firings.LastOrDefault((firing) => firing.Began is not null) is { } run ? $", last {Word(run.State)}" : "";
        return $"{(schedule.Tenant is { } tenant ? $"{tenant} " : "")}{schedule.Name}: {schedule.Script} {when}; {next}{last}";
    }

    private static JsonObject Node(ScheduleStatus status, DateTimeOffset now, int count)
    {
        JsonObject node = ScheduleRow.NodeOf(status);
        node["next"] = new JsonArray([.. NextOf(status, now, count).Select((time) => JsonValue.Create(Text(time)))]);
        return node;
    }

    private static IReadOnlyList<DateTimeOffset> NextOf(ScheduleStatus status, DateTimeOffset now, int count) =>
        SavedSchedules.Next(status.Schedule, now > status.Decided ? now : status.Decided, count);

    private static string Local(ScheduleStatus status, DateTimeOffset time) =>
        Text(TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById(status.Schedule.TimeZone)));

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture).Replace(' ', 'T');

    private static string Word(FiringState state) => state.ToString().ToLowerInvariant();
}
