using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Run;
using Enclave.Cli.Terminals;
using Enclave.Cli.Tools;
using Enclave.Tenants;
using Microsoft.Extensions.Logging;

namespace Enclave.Cli.Schedules;

/// <summary><c>enclave schedules run</c>: runs the schedules of a store until a signal ends it.</summary>
internal sealed class ScheduleRunCommand(Terminal terminal, Interrupt interrupt)
{
    /// <summary>How long running scripts may continue after the signal.</summary>
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(8);

    private readonly Option<SecurityLevel?> _level = OptionFactory.Level(SecurityLevel.Standard);

    private readonly Option<string?> _keepRecordings = KeptRecordings.Option();

    private readonly LimitOptionSet _limits = new();

    private readonly ToolOptionSet _tools = new();

    private readonly LibraryOption _libraries = new();

    private readonly FetchOption _fetch = new();

    private readonly TenantOptionSet _tenants = new();

    private readonly StoreOptionSet _store = new();

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var run = new ScheduleRunCommand(terminal, interrupt);
        var command = new Command("run", "Runs the schedules of the store until a signal ends it. Several processes may do so: each time runs once.");
        foreach (Option option in (Option[])
        [
            run._level, run._keepRecordings, run._libraries.Option, run._fetch.Option, .. run._limits.All, .. run._tools.All, .. run._tenants.All,
            .. run._store.OfBroker,
        ]) command.Options.Add(option);
        command.SetAction((parsed, _) => run.RunAsync(parsed));
        HelpExamples.Add(
            command,
            "enclave schedules run --store store --tool mail='./mail.sh'",
            "enclave schedules run --store store --keep-recordings on-failure --policies policies.json --ledger ledger");
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        string folder = _store.Folder(parsed) ?? throw new UsageException("schedules have a place: give --store FOLDER.");
        using ToolBox tools = _tools.Read(parsed);
        EnclaveTenants? tenants = await _tenants.OpenAsync(parsed, isBrief: false, interrupt.Token).ConfigureAwait(false);
        try
        {
            var settings = new HostSettings
            {
                Level = parsed.GetValue(_level) ?? SecurityLevel.Standard,
                Limits = _limits.Read(parsed),
                Libraries = _libraries.Read(parsed),
                Fetch = _fetch.Read(parsed),
                Tenants = tenants,
            };
            EnclaveOptions options = settings.ToOptions(settings.Level, tools.CallAsync);
            WorkerPoolOptions pool = options.WorkerPool!;
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.WorkerPool = pool with { MinWorkers = 0, MaxWorkers = Environment.ProcessorCount };
            if (parsed.GetValue(_keepRecordings) is { } when) options.KeepRecordings = KeptRecordings.When(_store.ReadRecordings(parsed), when);
            var host = new EnclaveHost(options);
            await using (host.ConfigureAwait(false)) await RunAsync(host, folder).ConfigureAwait(false);
            return ExitCode.Success;
        }
        finally
        {
            if (tenants is not null) await tenants.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task RunAsync(EnclaveHost host, string folder)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(static (logging) => ErrorLog.AddTo(logging, all: false));
        ScheduleStore store = ScheduleStore.InFolder(folder);
        using var scheduler = new ScriptScheduler(store, new SavedScripts(ScriptStore.InFolder(folder), host), host, null, loggers);
        await scheduler.StartAsync(interrupt.Token).ConfigureAwait(false);
        int count = (await new SavedSchedules(store).ListAsync(null, interrupt.Token).ConfigureAwait(false)).Count;
        terminal.Error.WriteLine($"runs {Plural.Of(count, "schedule")} of {folder}; Ctrl-C ends it", Ink.Faint);
        await Task.Delay(Timeout.Infinite, interrupt.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var drain = new CancellationTokenSource(s_drain);
        await scheduler.StopAsync(drain.Token).ConfigureAwait(false);
    }
}
