using System.CommandLine;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Run;
using Enclave.Cli.Terminals;
using Enclave.Cli.Tools;
using Enclave.Configuration;
using Enclave.Protocol;

namespace Enclave.Cli.Runs;

/// <summary>The options of <c>enclave runs</c> and its commands.</summary>
internal sealed partial class RunsCommand
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(10), s_look = TimeSpan.FromMilliseconds(300);

    private readonly Terminal _terminal;
    private readonly Interrupt _interrupt;
    private readonly StoreOptionSet _store = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON objects." };
    private readonly Argument<string> _name = new("NAME") { Description = "The name of the run." };

    private RunsCommand(Terminal terminal, Interrupt interrupt) => (_terminal, _interrupt) = (terminal, interrupt);

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var runs = new RunsCommand(terminal, interrupt);
        var command = new Command("runs", "Lists durable runs, answers what they wait for, and goes on with them.")
        {
            runs.List(), runs.Show(), runs.Answer(), runs.Resume(), runs.Fork(), runs.Cancel(), runs.Delete(), runs.Accept(),
        };
        HelpExamples.Add(
            command,
            "enclave run refund.js --durable refund-42 --store runs",
            "enclave runs list --store runs",
            "enclave runs show refund-42 --store runs --json | jq .waits",
            "enclave runs answer TOKEN true --store runs",
            "enclave runs resume refund-42 --store runs",
            "enclave runs fork refund-42 refund-42b --script corrected.js --store runs --dry-run");
        return command;
    }

    private Command List()
    {
        Option<DurableRunState?> state = new("--state") { Description = "Only runs in this state." };
        Option<int?> limit = OptionFactory.Count("--limit", "The most runs to list. Default: 100.", 1, 1000);
        Command command = New("list", "Lists the runs of all tenants, or of one, those first that changed last.", [], state, limit);
        command.SetAction((parsed, _) => WithHostAsync(parsed, null, async (host) =>
        {
            string? tenant = _store.Tenant(parsed);
            var query = new RunQuery { Tenant = tenant, AllTenants = tenant is null, State = parsed.GetValue(state), Limit = parsed.GetValue(limit) ?? 100 };
            Printer(parsed).PrintList(await host.Runs.ListAsync(query, _interrupt.Token).ConfigureAwait(false));
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Show()
    {
        Command command = New("show", "Shows a run: its calls, answers and console lines, and what it waits for.", [_name]);
        command.SetAction((parsed, _) => WithHostAsync(parsed, null, async (host) =>
        {
            (string name, string? tenant) = (parsed.GetValue(_name)!, _store.Tenant(parsed));
            IReadOnlyList<ExecutionEvent> history = await host.Runs.HistoryAsync(name, tenant, _interrupt.Token).ConfigureAwait(false);
            Printer(parsed).Print((await host.Runs.FindAsync(name, tenant, _interrupt.Token).ConfigureAwait(false))!, history);
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Answer()
    {
        Argument<string> token = new("TOKEN") { Description = "The token of the wait, as runs show prints it." };
        Argument<string?> value = new("VALUE") { Description = "The answer as JSON, or @FILE with JSON. Default: null.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> failure = new("--fail") { Description = "Make the call fail with this message instead.", HelpName = "MESSAGE" };
        Command command = New(
            "answer", "Answers what a run waits for: a signal, a tool that answers later, an approval (true, false or the reason to deny).", [token, value],
            failure);
        command.SetAction((parsed, _) => WithHostAsync(parsed, null, async (host) =>
        {
            object? answer = null;
            if (parsed.GetValue(failure) is { } message) answer = new ToolException(message);
            else if (parsed.GetValue(value) is { } text)
            {
                using JsonDocument read = JsonInput.Read("VALUE", text);
                answer = ScriptValue.From(read.RootElement);
            }

            await host.AnswerAsync(parsed.GetValue(token)!, answer, _interrupt.Token).ConfigureAwait(false);
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Resume()
    {
        Argument<string?> name = new("NAME") { Description = "The name of the run. Default: all that are due.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> wait = new("--wait") { Description = "Stay until the run has ended." };
        return Live(
            "resume", "Goes on with a run, or with all that are due.", [name], [wait],
            (host, parsed) => ResumeAsync(host, parsed, parsed.GetValue(name), parsed.GetValue(wait)));
    }

    /// <summary>A command that runs scripts: with a level, limits, libraries and tools.</summary>
    private Command Live(
        string name, string description, IEnumerable<Argument> arguments, IEnumerable<Option> options, Func<EnclaveHost, ParseResult, Task<int>> work)
    {
        Option<SecurityLevel?> level = OptionFactory.Level(SecurityLevel.Standard);
        var limits = new LimitOptionSet();
        var tools = new ToolOptionSet();
        var libraries = new LibraryOption();
        var fetch = new FetchOption();
        Command command = New(name, description, arguments, [.. options, level, libraries.Option, fetch.Option, .. limits.All, .. tools.All]);
        command.SetAction(async (parsed, _) =>
        {
            using ToolBox box = tools.Read(parsed);
            var settings = new HostSettings
            {
                Level = parsed.GetValue(level) ?? SecurityLevel.Standard,
                Limits = limits.Read(parsed),
                Libraries = libraries.Read(parsed),
                Fetch = fetch.Read(parsed),
            };
            return await WithHostAsync(settings, parsed, box.CallAsync, (host) => work(host, parsed)).ConfigureAwait(false);
        });
        return command;
    }

    private Command Cancel()
    {
        Command command = New("cancel", "Ends a run, also while it waits.", [_name]);
        command.SetAction((parsed, _) => WithHostAsync(parsed, null, async (host) =>
        {
            bool isCancelled = await WhenFreeAsync(
                parsed, () => host.Runs.CancelAsync(parsed.GetValue(_name)!, _store.Tenant(parsed), _interrupt.Token)).ConfigureAwait(false);
            if (!isCancelled) _terminal.Error.WriteLine($"{parsed.GetValue(_name)} had ended already");
            else if (await host.Runs.FindAsync(parsed.GetValue(_name)!, _store.Tenant(parsed), _interrupt.Token).ConfigureAwait(false)
                is { State: DurableRunState.Compensating }) _terminal.Error.WriteLine("a host that has its tools undoes its calls");
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Delete()
    {
        Argument<string?> name = new("NAME") { Description = "The name of the run.", Arity = ArgumentArity.ZeroOrOne };
        Option<TimeSpan?> ended = OptionFactory.Value(
            "--ended", "TIME", "In place of NAME: all that ended longer ago than this, such as 7d.", "a time like 12h or 7d",
            (string text, out TimeSpan time) => Durations.TryParse(text, bareUnitMilliseconds: 1000, out time));
        Command command = New("delete", "Removes a run that has ended, or whose journal is damaged, or all that ended some time ago.", [name], ended);
        command.SetAction((parsed, _) => WithHostAsync(parsed, null, async (host) =>
        {
            (string? one, TimeSpan? before) = (parsed.GetValue(name), parsed.GetValue(ended));
            if (one is null == before is null) throw new UsageException("give NAME or --ended TIME.");
            if (before is { } time) return await DeleteEndedAsync(host, _store.Tenant(parsed), time).ConfigureAwait(false);
            if (await host.Runs.DeleteAsync(one!, _store.Tenant(parsed), _interrupt.Token).ConfigureAwait(false)) return ExitCode.Success;
            throw new UsageException($"{one} has not ended, or there is no such run: runs cancel ends it.");
        }));
        return command;
    }

    /// <summary>Removes runs that ended before this time: a folder that only the command line uses has no host that does.</summary>
    private async Task<int> DeleteEndedAsync(EnclaveHost host, string? tenant, TimeSpan time)
    {
        int deleted = 0;
        await foreach (DurableRun run in PagesAsync(host, tenant, DurableRunState.Ended, TimeProvider.System.GetUtcNow() - time).ConfigureAwait(false))
            if (await host.Runs.DeleteAsync(run.Name, run.Tenant, _interrupt.Token).ConfigureAwait(false)) deleted++;
        _terminal.Error.WriteLine($"{deleted} {(deleted == 1 ? "run" : "runs")} removed");
        return ExitCode.Success;
    }

    private Command Accept()
    {
        Argument<string?> name = new("NAME") { Description = "The name of the run. Default: all runs of all tenants.", Arity = ArgumentArity.ZeroOrOne };
        Command command = New(
            "accept", "Lets runs go on whose database was restored or promoted: their tools may have been called since the moment that was restored.", [name]);
        command.SetAction((parsed, _) => WithHostAsync(parsed, null, async (host) =>
        {
            if (!_store.IsDatabase(parsed)) throw new UsageException("only databases are restored: give --store-file FILE.");
            int accepted = await host.Runs.AcceptRestoreAsync(parsed.GetValue(name), _store.Tenant(parsed), _interrupt.Token).ConfigureAwait(false);
            _terminal.Error.WriteLine($"{accepted} {(accepted == 1 ? "run" : "runs")} may go on");
            return ExitCode.Success;
        }));
        return command;
    }

    private async Task<int> ResumeAsync(EnclaveHost host, ParseResult parsed, string? name, bool waits)
    {
        string? tenant = _store.Tenant(parsed);
        if (name is not null) return await ResumeAsync(host, parsed, name, tenant, waits).ConfigureAwait(false);
        int exit = ExitCode.Success;
        foreach (DurableRun run in await DueAsync(host, tenant).ConfigureAwait(false))
        {
            try
            {
                exit = Math.Max(exit, await ResumeAsync(host, parsed, run.Name, run.Tenant, waits).ConfigureAwait(false));
            }
            catch (JournalException fault)
            {
                // The other runs can still continue.
                _terminal.Fail($"{run.Name}: {fault.Message}");
                exit = ExitCode.HostFailed;
            }
        }

        return exit;
    }

    /// <summary>All runs that are due, of one tenant or of all.</summary>
    private async Task<List<DurableRun>> DueAsync(EnclaveHost host, string? tenant)
    {
        var due = new List<DurableRun>();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        foreach (DurableRunState state in new[] { DurableRunState.Suspended, DurableRunState.Running, DurableRunState.Compensating })
        {
            await foreach (DurableRun run in PagesAsync(host, tenant, state, null).ConfigureAwait(false))
                if (run.Due <= now) due.Add(run);
        }

        return due;
    }

    /// <summary>The runs in a state that changed before a time, of one tenant or of all, page by page.</summary>
    private async IAsyncEnumerable<DurableRun> PagesAsync(EnclaveHost host, string? tenant, DurableRunState state, DateTimeOffset? before)
    {
        var query = new RunQuery { Tenant = tenant, AllTenants = tenant is null, State = state, Before = before, Limit = 1000 };
        while (true)
        {
            IReadOnlyList<DurableRun> page = await host.Runs.ListAsync(query, _interrupt.Token).ConfigureAwait(false);
            foreach (DurableRun run in page) yield return run;
            if (page.Count < query.Limit) break;
            query = query with { Before = page[^1].Changed };
        }
    }

    private async Task<int> ResumeAsync(EnclaveHost host, ParseResult parsed, string name, string? tenant, bool waits)
    {
        var printer = new ResultPrinter(_terminal, parsed.GetValue(_json), name, "");
        var options = new RunOptions { Tenant = tenant, OnConsole = printer.PrintConsole };
        DurableRun run = await WhenFreeAsync(parsed, () => host.ResumeAsync(name, options, _interrupt.Token)).ConfigureAwait(false);
        if (waits && run.State != DurableRunState.Ended) run = await host.Runs.WaitAsync(name, options, _interrupt.Token).ConfigureAwait(false);
        return Printer(parsed).Conclude(run, printer);
    }

    /// <summary>In a database the run of a host that died is free once its lease is over.</summary>
    private async Task<T> WhenFreeAsync<T>(ParseResult parsed, Func<Task<T>> work)
    {
        long until = Environment.TickCount64 + (_store.IsDatabase(parsed) ? (long)(2 * s_lease).TotalMilliseconds : 0);
        while (true)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (JournalException fault) when (fault.Fault == JournalFault.Busy && Environment.TickCount64 < until)
            {
                await Task.Delay(s_look, _interrupt.Token).ConfigureAwait(false);
            }
        }
    }

    private Command New(string name, string description, IEnumerable<Argument> arguments, params Option[] options)
    {
        var command = new Command(name, description);
        foreach (Argument argument in arguments) command.Arguments.Add(argument);
        foreach (Option option in options.Concat(_store.All).Append(_json)) command.Options.Add(option);
        return command;
    }

    private DurableRunPrinter Printer(ParseResult parsed) => new(_terminal, parsed.GetValue(_json));

    private Task<int> WithHostAsync(ParseResult parsed, ToolHandler? tools, Func<EnclaveHost, Task<int>> work) =>
        WithHostAsync(new HostSettings { Level = SecurityLevel.Standard }, parsed, tools, work);

    private Task<int> WithHostAsync(HostSettings settings, ParseResult parsed, ToolHandler? tools, Func<EnclaveHost, Task<int>> work) =>
        GuardedAsync(async () =>
        {
            EnclaveOptions options = settings.ToOptions(settings.Level, tools);
            DurableOptions durable = _store.Read(parsed);
            options.Durable = durable;
            await using (durable.Store.ConfigureAwait(false))
            {
                var host = new EnclaveHost(options);
                await using (host.ConfigureAwait(false)) return await work(host).ConfigureAwait(false);
            }
        });

    private async Task<int> GuardedAsync(Func<Task<int>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (JournalException fault)
        {
            _terminal.Fail(fault.Message);
            return ExitCode.For(fault);
        }
    }
}
