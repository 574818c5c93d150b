using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Tenants;
using Enclave.Tenants.Scripts;

namespace Enclave.Cli.Schedules;

/// <summary><c>enclave schedules</c>: adds, shows and runs the schedules of a store.</summary>
internal sealed class SchedulesCommand
{
    private readonly Terminal _terminal;
    private readonly Interrupt _interrupt;
    private readonly ScheduleOptionSet _schedule = new();

    private readonly Option<string> _store = new("--store")
    {
        Description = "The folder of schedules, saved scripts and recordings. It is created.",
        HelpName = "FOLDER",
        Required = true,
    };

    private readonly Option<string?> _tenant = new("--tenant") { Description = "The tenant of the runs. Default: none.", HelpName = "NAME" };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    private readonly Argument<string> _name = new("NAME") { Description = "The name of the schedule." };

    private SchedulesCommand(Terminal terminal, Interrupt interrupt) => (_terminal, _interrupt) = (terminal, interrupt);

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var schedules = new SchedulesCommand(terminal, interrupt);
        var command = new Command("schedules", "Runs saved scripts at their times: adds, shows, pauses and removes schedules.")
        {
            schedules.Add(), schedules.List(),
            schedules.Show("show", "Shows a schedule, its last ten runs and its next ten times.", (printer, status, now) => printer.Print(status, now)),
            schedules.Show("next", "Shows the next ten times of a schedule.", (printer, status, now) => printer.PrintTimes(status, now)),
            schedules.Change("pause", "Lets no run begin from now on: times are missed meanwhile.", (all) => all.PauseAsync),
            schedules.Change("resume", "Lets runs begin again.", (all) => all.ResumeAsync),
            schedules.Remove(), ScheduleRunCommand.Create(terminal, interrupt),
        };
        HelpExamples.Add(
            command,
            "enclave schedules add nightly --script report --cron '0 2 * * *' --zone Europe/Zurich --store store",
            "enclave schedules add poll --script poll@3 --every 15m --missed once --on-failure alarm --on-failure-every 3 --store store",
            "enclave schedules add launch --script launch --at 2027-01-01T00:00:00Z --store store",
            "enclave schedules next nightly --store store",
            "enclave schedules run --store store --keep-recordings on-failure",
            "enclave schedules show nightly --store store --json | jq '.firings[] | select(.state == \"Failed\") | .runId'");
        return command;
    }

    private Command Add()
    {
        Command command = New("add", "Adds a schedule, or changes the one of this name. Times before this moment do not count.", [_name], _schedule.All);
        command.SetAction((parsed) => Guarded(async () =>
        {
            ScriptSchedule schedule = _schedule.Read(parsed, parsed.GetValue(_name)!, parsed.GetValue(_tenant));
            ScriptStore scripts = ScriptStore.InFolder(parsed.GetValue(_store)!);
            foreach (string script in new[] { schedule.Script, schedule.OnFailure }.OfType<string>())
                await CheckAsync(scripts, script, schedule.Tenant).ConfigureAwait(false);
            ScheduleStatus status = await Schedules(parsed).AddAsync(schedule, _interrupt.Token).ConfigureAwait(false);
            Printer(parsed).Print(status, TimeProvider.System.GetUtcNow());
        }));
        return command;
    }

    private Command List()
    {
        Command command = New("list", "Lists the schedules, of all tenants or of one.");
        command.SetAction((parsed) => Guarded(async () => Printer(parsed).PrintList(
            await Schedules(parsed).ListAsync(parsed.GetValue(_tenant), _interrupt.Token).ConfigureAwait(false), TimeProvider.System.GetUtcNow())));
        return command;
    }

    private Command Show(string name, string description, Action<SchedulesPrinter, ScheduleStatus, DateTimeOffset> print)
    {
        Command command = New(name, description, [_name]);
        command.SetAction((parsed) => Guarded(async () => print(
            Printer(parsed), await NeededAsync(parsed).ConfigureAwait(false), TimeProvider.System.GetUtcNow())));
        return command;
    }

    private Command Change(string name, string description, Func<SavedSchedules, Func<string, string?, CancellationToken, Task<ScheduleStatus>>> change)
    {
        Command command = New(name, description, [_name]);
        command.SetAction((parsed) => Guarded(async () => Printer(parsed).PrintList(
            [await change(Schedules(parsed))(parsed.GetValue(_name)!, parsed.GetValue(_tenant), _interrupt.Token).ConfigureAwait(false)],
            TimeProvider.System.GetUtcNow())));
        return command;
    }

    private Command Remove()
    {
        Command command = New("remove", "Removes a schedule. A run that runs comes to its end.", [_name]);
        command.SetAction((parsed) => Guarded(
            () => Schedules(parsed).RemoveAsync(parsed.GetValue(_name)!, parsed.GetValue(_tenant), _interrupt.Token)));
        return command;
    }

    private async Task CheckAsync(ScriptStore scripts, string reference, string? tenant)
    {
        (string name, int? version) = ScriptKey.Parse(reference);
        SavedScript? script = tenant is null ? null : await scripts.FindAsync(new ScriptKey(tenant, name).Checked(), _interrupt.Token).ConfigureAwait(false);
        script ??= await scripts.FindAsync(new ScriptKey(null, name).Checked(), _interrupt.Token).ConfigureAwait(false);
        if (script is null) throw new UsageException($"there is no saved script {name}: enclave scripts save {name} FILE --activate makes one.");
        if (version is { } number) _ = ScriptChanges.Needed(script, number);
        else if (script.Active is null)
            throw new UsageException($"{name} has no active version: enclave scripts activate {name} lets runs get the newest one.");
    }

    private async Task<ScheduleStatus> NeededAsync(ParseResult parsed)
    {
        string name = parsed.GetValue(_name)!;
        return await Schedules(parsed).FindAsync(name, parsed.GetValue(_tenant), _interrupt.Token).ConfigureAwait(false)
            ?? throw new UsageException($"there is no schedule {name}: enclave schedules list shows those that there are.");
    }

    private Command New(string name, string description, IEnumerable<Argument>? arguments = null, IEnumerable<Option>? options = null)
    {
        var command = new Command(name, description);
        foreach (Argument argument in arguments ?? []) command.Arguments.Add(argument);
        foreach (Option option in (IEnumerable<Option>)[.. options ?? [], _store, _tenant, _json]) command.Options.Add(option);
        return command;
    }

    private static async Task<int> Guarded(Func<Task> work)
    {
        await work().ConfigureAwait(false);
        return ExitCode.Success;
    }

    private SavedSchedules Schedules(ParseResult parsed) => new(ScheduleStore.InFolder(parsed.GetValue(_store)!));

    private SchedulesPrinter Printer(ParseResult parsed) => new(_terminal, parsed.GetValue(_json));
}
