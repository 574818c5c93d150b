using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Tenants;

namespace Enclave.Cli.Schedules;

/// <summary>The options of one schedule.</summary>
internal sealed class ScheduleOptionSet
{
    private readonly Option<string> _script = new("--script")
    {
        Description = "The saved script: report for the version that is active at each run, or report@3.",
        HelpName = "NAME",
        Required = true,
    };

    private readonly Option<string?> _cron = new("--cron")
    {
        Description = "A line of cron: minute hour day month weekday, with seconds before them if there are six.",
        HelpName = "LINE",
    };

    private readonly Option<string?> _zone = new("--zone") { Description = "The time zone of --cron, as Europe/Zurich. Default: UTC.", HelpName = "ZONE" };

    private readonly Option<TimeSpan?> _every = OptionFactory.Time("--every", "In place of --cron: the time from run to run, as 15m.", "1s", "366d");

    private readonly Option<DateTimeOffset?> _at = OptionFactory.Value<DateTimeOffset>(
        "--at", "TIME", "In place of --cron: the one time, as 2027-01-01T00:00:00Z.", "a time with its offset, as 2027-01-01T00:00:00Z",
        static (string text, out DateTimeOffset time) =>
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time));

    private readonly Option<string?> _args = new("--args") { Description = "The global args, as JSON, or as @FILE with JSON.", HelpName = "JSON" };

    private readonly Option<OverlapRule?> _overlap = new("--overlap")
    {
        Description = "A time while an earlier run has not ended: skip (default), wait, or replace, which cancels the earlier one.",
    };

    private readonly Option<MissedRule?> _missed = new("--missed")
    {
        Description = "Times that are more than 30 s late: skip (default), once (the last one runs), or each (the last ones run, up to --missed-runs).",
    };

    private readonly Option<int?> _missedRuns = OptionFactory.Count("--missed-runs", "With --missed each: the most runs. Default: 10.", 1, 100);

    private readonly Option<LostRule?> _lost = new("--lost")
    {
        Description = "A run whose host died: lost (default), or retry, for scripts whose calls may be repeated.",
    };

    private readonly Option<string?> _onFailure = new("--on-failure") { Description = "A saved script that runs after failures.", HelpName = "NAME" };

    private readonly Option<int?> _onFailureEvery = OptionFactory.Count(
        "--on-failure-every", "After how many failures in a row it runs. Default: 1, after each.", 1, 1000);

    public IEnumerable<Option> All =>
        [_script, _cron, _zone, _every, _at, _args, _overlap, _missed, _missedRuns, _lost, _onFailure, _onFailureEvery];

    /// <exception cref="UsageException">The arguments are no JSON.</exception>
    public ScriptSchedule Read(ParseResult parsed, string name, string? tenant)
    {
        string? arguments = null;
        if (parsed.GetValue(_args) is { } text)
        {
            using JsonDocument json = JsonInput.Read("--args", text);
            arguments = json.RootElement.GetRawText();
        }

        var schedule = new ScriptSchedule
        {
            Name = name,
            Tenant = tenant,
            Script = parsed.GetValue(_script)!,
            Cron = parsed.GetValue(_cron),
            Every = parsed.GetValue(_every),
            At = parsed.GetValue(_at),
            Arguments = arguments,
            Overlap = parsed.GetValue(_overlap) ?? OverlapRule.Skip,
            Missed = parsed.GetValue(_missed) ?? MissedRule.Skip,
            Lost = parsed.GetValue(_lost) ?? LostRule.Lost,
            OnFailure = parsed.GetValue(_onFailure),
        };
        return schedule with
        {
            TimeZone = parsed.GetValue(_zone) ?? schedule.TimeZone,
            MissedRuns = parsed.GetValue(_missedRuns) ?? schedule.MissedRuns,
            OnFailureEvery = parsed.GetValue(_onFailureEvery) ?? schedule.OnFailureEvery,
        };
    }
}
