using System.CommandLine;
using System.Text.Json;
using Enclave.Cli.Batch;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;
using Enclave.Cli.Tools;
using Enclave.Protocol;
using Enclave.Tenants;

namespace Enclave.Cli.Run;

/// <summary>The options of <c>enclave run</c>.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string?> _file = OptionFactory.Files(new Argument<string?>("FILE")
    {
        Description = "The script: a function body, which may use return and await at its top level. - is standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    });

    private readonly Option<string?> _saved = new("--saved")
    {
        Description = "Run a saved script of --store in place of FILE: report, or one version of it, report@3 (enclave scripts).",
        HelpName = "NAME",
    };

    private readonly Option<SecurityLevel?> _level = OptionFactory.Level(SecurityLevel.Standard);

    private readonly Option<ScriptLanguage?> _language = OptionFactory.Language();

    private readonly Option<bool> _fromModel = OptionFactory.FromModel();

    private readonly Option<bool> _noCheck = new("--no-check") { Description = "Run it without examining it first: only the limits at run time apply." };

    private readonly LimitOptionSet _limits = new();

    private readonly ToolOptionSet _tools = new();

    private readonly LibraryOption _libraries = new();

    private readonly FetchOption _fetch = new();

    private readonly Option<string?> _args = new("--args") { Description = "The global args, as JSON, or as @FILE with JSON.", HelpName = "JSON" };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print the whole result as one JSON object; the script's console goes to standard error.",
    };

    private readonly Option<bool> _stream = new("--stream")
    {
        Description = "Print events as they happen, one JSON object per line; the last one is the result.",
    };

    private readonly Option<bool> _verboseErrors = new("--verbose-errors") { Description = "Print the script's whole stack." };

    private readonly Option<IsolationLayer[]?> _allowDegraded = OptionFactory.Object<IsolationLayer[]>(
        "--allow-degraded-isolation", "LAYER,...|all", "Run although this machine lacks these layers, which the level requires.", Layers.Form, Layers.TryParse);

    private readonly Option<string?> _record = new("--record") { Description = "Record the run in a file, for enclave replay.", HelpName = "FILE" };

    private readonly Option<string?> _keepRecordings = KeptRecordings.Option();

    private readonly Option<string?> _batch = new("--batch")
    {
        Description = "Run the jobs of a file instead, one JSON object per line (docs/cli.md). - is standard input.",
        HelpName = "FILE.jsonl",
    };

    private readonly Option<string?> _inputs = new("--inputs")
    {
        Description = "Run the script once for each line of a file, a JSON value that is the global input, and print a JSON line for each. "
            + "- is standard input.",
        HelpName = "FILE.jsonl",
    };

    private readonly Option<int?> _workers = OptionFactory.Count(
        "--workers", "With --batch or --inputs: worker processes. Default: one per processor.", 1, 256);

    private readonly Option<bool> _failOnError = new("--fail-on-error")
    {
        Description = "With --batch or --inputs: exit with code 1 if a line failed. Default: 0, because every line was answered.",
    };

    private readonly Option<string?> _durable = new("--durable")
    {
        Description = "Keep the run in --store under this name: it can wait for days, and enclave runs goes on with it.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _wait = new("--wait") { Description = "With --durable: stay until the run has ended." };

    private readonly StoreOptionSet _store = new();

    private readonly TenantOptionSet _tenants = new();

    private RunCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var run = new RunCommand();
        var command = new Command("run", "Runs a script, or many.")
        {
            run._file, run._saved, run._level, run._language, run._fromModel, run._noCheck, run._libraries.Option, run._fetch.Option, run._args, run._json,
            run._stream, run._record, run._keepRecordings, run._verboseErrors, run._allowDegraded, run._batch, run._inputs, run._workers, run._failOnError,
            run._durable,
            run._wait,
        };
        foreach (Option option in run._limits.All.Concat(run._tools.All).Concat(run._store.All).Concat(run._tenants.All)) command.Options.Add(option);
        command.SetAction((parsed, _) => run.RunAsync(parsed, terminal, interrupt));
        HelpExamples.Add(
            command,
            "enclave run script.js --timeout 5s --memory 128MB",
            "echo 'return args.a + args.b' | enclave run - --args '{\"a\": 1, \"b\": 2}'",
            "enclave run report.js --tool fetch='curl -s https://example.org' --json",
            "enclave run report.js --tool fetch='curl -s https://example.org' --stream",
            "enclave run report.js --library dayjs=node_modules/dayjs/dayjs.min.js",
            "enclave run report.js --fetch https://api.example.com --fetch 'GET,POST https://hooks.example.com'",
            "enclave run library.js --preset standard --max-iterations 50000",
            "enclave run report.js --record report.recording.json",
            "enclave run report.js --keep-recordings on-failure --store runs",
            "enclave run --saved report@3 --store store --args '{\"n\": 1}'",
            "enclave run refund.js --durable refund-42 --store runs",
            "enclave run report.js --tenant acme --policies policies.json --ledger ledger",
            "ask-a-model | enclave run - --from-model",
            "enclave run price.js --inputs orders.jsonl > prices.jsonl",
            "enclave run --batch jobs.jsonl --workers 4 > results.jsonl",
            "enclave run --batch jobs.jsonl --fail-on-error > results.jsonl || echo some failed");
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Terminal terminal, Interrupt interrupt)
    {
        EnclaveTenants? tenants = await _tenants.OpenAsync(parsed, isBrief: true, interrupt.Token).ConfigureAwait(false);
        try
        {
            return await RunAsync(parsed, tenants, terminal, interrupt).ConfigureAwait(false);
        }
        finally
        {
            // Dispose the tenants after the hosts, when each run has its row.
            if (tenants is not null) await tenants.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, EnclaveTenants? tenants, Terminal terminal, Interrupt interrupt)
    {
        using ToolBox tools = _tools.Read(parsed);
        (string? file, string? batch) = (parsed.GetValue(_file), parsed.GetValue(_batch));
        if (batch is not null) return await RunBatchAsync(batch, file, parsed, tools, tenants, terminal, interrupt).ConfigureAwait(false);
        string? saved = parsed.GetValue(_saved);
        CheckSaved(parsed, saved, file);
        if (file is null && saved is null) throw new UsageException("run needs a FILE, or - for standard input, or --saved, or --batch.");
        string? inputs = parsed.GetValue(_inputs);
        if (inputs is null && parsed.GetValue(_workers) is not null)
            throw new UsageException("--workers needs --batch or --inputs: one script has one worker.");
        if (inputs is null && parsed.GetValue(_failOnError))
            throw new UsageException("--fail-on-error needs --batch or --inputs: a single script has its own exit code.");
        if (inputs is not null) CheckInputs(parsed, saved, file, inputs);
        if (parsed.GetValue(_stream) && parsed.GetValue(_json))
            throw new UsageException("give --stream or --json, not both: the last line of --stream is the result.");
        CheckDurable(parsed);
        var request = new RunRequest
        {
            File = file ?? saved!,
            Saved = saved is null ? null : ScriptStore.InFolder(_store.Folder(parsed)!),
            Language = Languages.For(parsed.GetValue(_language), file ?? ""),
            FromModel = parsed.GetValue(_fromModel),
            Host = Host(parsed) with { Tenants = tenants },
            Tools = tools,
            Globals = Globals(parsed),
            Json = parsed.GetValue(_json),
            Stream = parsed.GetValue(_stream),
            Record = parsed.GetValue(_record),
            Keep = Keep(parsed),
            Durable = parsed.GetValue(_durable),
            Store = parsed.GetValue(_durable) is null ? null : _store.Read(parsed),
            Tenant = _store.Tenant(parsed),
            Wait = parsed.GetValue(_wait),
        };
        try
        {
            return inputs is null
                ? await new SingleRun(terminal).RunAsync(request, interrupt.Token).ConfigureAwait(false)
                : await new InputsRun(request, terminal, interrupt).RunAsync(
                    inputs, parsed.GetValue(_workers) ?? Environment.ProcessorCount, parsed.GetValue(_failOnError)).ConfigureAwait(false);
        }
        finally
        {
            if (request.Store is { } durable) await durable.Store.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Task<int> RunBatchAsync(
        string batch, string? file, ParseResult parsed, ToolBox tools, EnclaveTenants? tenants, Terminal terminal, Interrupt interrupt)
    {
        if (parsed.GetValue(_inputs) is not null) throw new UsageException("--inputs is for one script, not for --batch.");
        if (parsed.GetValue(_stream)) throw new UsageException("--stream is for a single script: the results of a batch are already JSON lines.");
        if (file is not null) throw new UsageException($"give {file} or --batch {batch}, not both.");
        if (parsed.GetValue(_saved) is not null) throw new UsageException("--saved is for a single script, not for --batch.");
        if (parsed.GetValue(_record) is not null) throw new UsageException("--record is for a single script, not for --batch.");
        if (parsed.GetValue(_keepRecordings) is not null) throw new UsageException("--keep-recordings is for a single script, not for --batch.");
        if (parsed.GetValue(_durable) is not null) throw new UsageException("--durable is for a single script, not for --batch.");
        if (parsed.GetValue(_fromModel)) throw new UsageException("--from-model is for a single script, not for --batch.");
        if (parsed.GetValue(_language) is not null) throw new UsageException("--language is for a single script: each job of a batch sets its own.");
        var request = new BatchRequest
        {
            File = batch,
            Workers = parsed.GetValue(_workers) ?? Environment.ProcessorCount,
            Host = Host(parsed) with { Tenants = tenants },
            Tools = tools,
            Globals = Globals(parsed),
            FailOnError = parsed.GetValue(_failOnError),
            Tenant = _store.Tenant(parsed),
        };
        return new BatchRun(request, terminal, interrupt).RunAsync();
    }

    private void CheckInputs(ParseResult parsed, string? saved, string? file, string inputs)
    {
        if (saved is not null) throw new UsageException("--saved is for one run, not for --inputs.");
        if (file == "-" && inputs == "-") throw new UsageException("FILE and --inputs cannot both be standard input.");
        if (parsed.GetValue(_stream) || parsed.GetValue(_json)) throw new UsageException("the results of --inputs are JSON lines without --json and --stream.");
        if (parsed.GetValue(_record) is not null) throw new UsageException("--record is for one run, not for --inputs.");
        if (parsed.GetValue(_keepRecordings) is not null) throw new UsageException("--keep-recordings is for one run, not for --inputs.");
        if (parsed.GetValue(_durable) is not null) throw new UsageException("--durable is for one run, not for --inputs.");
        if (parsed.GetValue(_fromModel)) throw new UsageException("--from-model is for one run, not for --inputs.");
    }

    private void CheckSaved(ParseResult parsed, string? saved, string? file)
    {
        if (saved is null) return;
        if (file is not null) throw new UsageException($"give {file} or --saved {saved}, not both.");
        if (_store.Folder(parsed) is null) throw new UsageException("--saved needs the folder of saved scripts: give --store FOLDER.");
        if (parsed.GetValue(_fromModel)) throw new UsageException("--from-model is for a FILE, not for --saved.");
        if (parsed.GetValue(_language) is not null) throw new UsageException("--language is for a FILE: a saved script has the one it was saved with.");
    }

    private void CheckDurable(ParseResult parsed)
    {
        bool isDurable = parsed.GetValue(_durable) is not null;
        bool isKept = parsed.GetValue(_keepRecordings) is not null;
        if (!isDurable && !isKept && parsed.GetValue(_saved) is null && _store.IsGiven(parsed))
            throw new UsageException("--store is for --durable NAME, --saved NAME and --keep-recordings: give one of them.");
        if (isDurable && isKept) throw new UsageException("--keep-recordings is not for --durable: its journal is in --store.");
        if (!isDurable && parsed.GetValue(_wait)) throw new UsageException("--wait needs --durable: other runs end anyway.");
        if (isDurable && parsed.GetValue(_stream)) throw new UsageException("--stream is not for --durable: enclave runs show prints what happened.");
        if (isDurable && parsed.GetValue(_record) is not null) throw new UsageException("--record is not for --durable: its journal is in --store.");
    }

    private KeepRecordings? Keep(ParseResult parsed) =>
        parsed.GetValue(_keepRecordings) is { } when ? KeptRecordings.When(_store.ReadRecordings(parsed), when) : null;

    private HostSettings Host(ParseResult parsed) => new()
    {
        Level = parsed.GetValue(_level) ?? SecurityLevel.Standard,
        Validate = !parsed.GetValue(_noCheck),
        Limits = _limits.Read(parsed),
        VerboseErrors = parsed.GetValue(_verboseErrors),
        AllowDegradedIsolation = parsed.GetValue(_allowDegraded) ?? [],
        Libraries = _libraries.Read(parsed),
        Fetch = _fetch.Read(parsed),
    };

    private Dictionary<string, object?> Globals(ParseResult parsed)
    {
        var globals = new Dictionary<string, object?>();
        if (parsed.GetValue(_args) is not { } text) return globals;
        using JsonDocument args = JsonInput.Read("--args", text);
        globals["args"] = ScriptValue.From(args.RootElement);
        return globals;
    }
}
