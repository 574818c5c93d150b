using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Scripts;
using Enclave.Cli.Terminals;
using Enclave.Cli.Tools;
using Enclave.Tenants;

namespace Enclave.Cli.Saved;

/// <summary><c>enclave scripts</c>: saves, shows and activates scripts in a store.</summary>
internal sealed class ScriptsCommand
{
    private readonly Terminal _terminal;
    private readonly Interrupt _interrupt;

    private readonly Option<string> _store = new("--store")
    {
        Description = "The folder of saved scripts, recordings and durable runs. It is created.",
        HelpName = "FOLDER",
        Required = true,
    };

    private readonly Option<string?> _tenant = new("--tenant")
    {
        Description = "The tenant that the script belongs to. Default: none, all tenants share it.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    private readonly Argument<string> _name = new("NAME") { Description = "The script, as report or report@3." };

    private ScriptsCommand(Terminal terminal, Interrupt interrupt) => (_terminal, _interrupt) = (terminal, interrupt);

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var scripts = new ScriptsCommand(terminal, interrupt);
        var command = new Command("scripts", "Saves scripts of tenants in versions, and decides which version runs get.")
        {
            scripts.List(), scripts.Save(), scripts.Show(), scripts.Diff(), scripts.Activate(), scripts.RollBack(), scripts.Check(),
            RehearseCommand.Create(terminal, interrupt),
        };
        HelpExamples.Add(
            command,
            "enclave scripts save report report.js --store store --note 'first' --params schema.json --activate",
            "enclave run --saved report --store store --args '{\"n\": 1}'",
            "enclave scripts activate report@3 --percent 10 --store store",
            "enclave scripts activate report@3 --tenants acme,globex --store store",
            "enclave scripts rollback report --store store",
            "enclave scripts diff report@2 report@3 --store store",
            "enclave scripts rehearse report@4 --last 1000 --store store --activate-if-equal",
            "enclave scripts check --store store --tools tools.json --policies policies.json");
        return command;
    }

    private Command List()
    {
        Command command = New("list", "Lists the scripts: of all tenants, or those that one tenant can run.");
        command.SetAction((parsed, _) => WithScriptsAsync(parsed, async (scripts) =>
        {
            Printer(parsed).PrintList(await scripts.ListAsync(parsed.GetValue(_tenant), _interrupt.Token).ConfigureAwait(false));
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Save()
    {
        Argument<string> name = new("NAME") { Description = "The name: letters, digits and _ - . /, at most 100." };
        Argument<string> file = OptionFactory.Files(new Argument<string>("FILE") { Description = "The script. - is standard input." });
        Option<string?> note = new("--note") { Description = "The reason for this version.", HelpName = "TEXT" };
        Option<string?> author = new("--author") { Description = "Who saves it. Default: the user of this process.", HelpName = "NAME" };
        Option<string?> parameters = new("--params") { Description = "A file with the JSON schema of the global args.", HelpName = "FILE" };
        Option<bool> activate = new("--activate") { Description = "Let runs get the version at once. Default: it is a draft." };
        Option<ScriptLanguage?> language = OptionFactory.Language();
        var judged = new JudgeOptionSet();
        Command command = New("save", "Judges a script by the policy of its tenant and by the tools, and saves it as a new version.", [name, file],
            [note, author, parameters, activate, language, .. judged.All]);
        command.SetAction((parsed, _) => judged.WithHostAsync(parsed, async (host) =>
        {
            string path = parsed.GetValue(file)!;
            string code = await ScriptSource.ReadAsync(path, _interrupt.Token).ConfigureAwait(false);
            var draft = new ScriptDraft
            {
                Name = parsed.GetValue(name)!,
                Code = code,
                Tenant = parsed.GetValue(_tenant),
                Parameters = parsed.GetValue(parameters) is { } schema ? TextFile.Read(schema, TextFile.MaxBytes) : null,
                Language = Languages.For(parsed.GetValue(language), path),
                Author = parsed.GetValue(author) ?? Environment.UserName,
                Note = parsed.GetValue(note),
                Activate = parsed.GetValue(activate),
            };
            try
            {
                Printer(parsed).PrintSaved(await Scripts(parsed, host).SaveAsync(draft, null, _interrupt.Token).ConfigureAwait(false), code);
                return ExitCode.Success;
            }
            catch (SavedScriptException fault) when (fault.Fault == SavedScriptFault.Refused)
            {
                Printer(parsed).PrintRefused(fault, TextFile.NameOf(path), code);
                return ExitCode.Refused;
            }
        }, _interrupt.Token));
        return command;
    }

    private Command Show()
    {
        Command command = New("show", "Shows a script, its versions, and the text of one: the active one, or else the newest.", [_name]);
        command.SetAction((parsed, _) => WithScriptsAsync(parsed, async (scripts) =>
        {
            (SavedScript script, SavedVersion version) = await scripts.ShowAsync(parsed.GetValue(_name)!, parsed.GetValue(_tenant), _interrupt.Token)
                .ConfigureAwait(false);
            string code = await scripts.ReadAsync($"{script.Name}@{version.Number}", script.Tenant, _interrupt.Token).ConfigureAwait(false);
            Printer(parsed).PrintVersion(script, version, code);
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Diff()
    {
        Argument<string> from = new("FROM") { Description = "A version, as report@2." }, to = new("TO") { Description = "A version, as report@3." };
        Command command = New("diff", "Shows the lines in which two versions differ.", [from, to]);
        command.SetAction((parsed, _) => WithScriptsAsync(parsed, async (scripts) =>
        {
            (string one, string other, string? tenant) = (parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(_tenant));
            string before = await scripts.ReadAsync(one, tenant, _interrupt.Token).ConfigureAwait(false);
            string after = await scripts.ReadAsync(other, tenant, _interrupt.Token).ConfigureAwait(false);
            Printer(parsed).PrintDifference(one, other, LineDiff.Between(before, after));
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Activate()
    {
        Option<int?> percent = OptionFactory.Count(
            "--percent", "Only for this share of runs: those of one key (or id, without a key) always get the same version.", 0, 100);
        Option<string?> tenants = new("--tenants") { Description = "Only for runs of these tenants.", HelpName = "NAME,..." };
        Command command = New("activate", "Lets runs get a version: all of them, a share, or those of some tenants.", [_name], [percent, tenants]);
        command.SetAction((parsed, _) => WithScriptsAsync(parsed, async (scripts) =>
        {
            (int? share, string? names) = (parsed.GetValue(percent), parsed.GetValue(tenants));
            ScriptTrial? trial = share is null && names is null ? null : new ScriptTrial
            {
                Version = 0,
                Percent = share ?? 0,
                Tenants = names?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            };
            Printer(parsed).PrintScript(
                await scripts.ActivateAsync(parsed.GetValue(_name)!, parsed.GetValue(_tenant), trial, _interrupt.Token).ConfigureAwait(false));
            return ExitCode.Success;
        }));
        return command;
    }

    private Command RollBack()
    {
        Command command = New("rollback", "Ends a trial, or else goes back to the version that was active before.", [_name]);
        command.SetAction((parsed, _) => WithScriptsAsync(parsed, async (scripts) =>
        {
            Printer(parsed).PrintScript(
                await scripts.RollBackAsync(parsed.GetValue(_name)!, parsed.GetValue(_tenant), _interrupt.Token).ConfigureAwait(false));
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Check()
    {
        var judged = new JudgeOptionSet();
        Command command = New(
            "check", "Judges the versions that runs get, with the given tools and policies: shows the scripts that would break, and why.", [], judged.All);
        command.SetAction((parsed, _) => judged.WithHostAsync(parsed, async (host) =>
        {
            SavedScripts scripts = Scripts(parsed, host);
            string? tenant = parsed.GetValue(_tenant);
            int count = (await scripts.ListAsync(tenant, _interrupt.Token).ConfigureAwait(false)).Count;
            IReadOnlyList<BrokenScript> all = await scripts.CheckAsync(null, _interrupt.Token).ConfigureAwait(false);
            BrokenScript[] broken = [.. all.Where((one) => tenant is null || one.Tenant is null || one.Tenant == tenant)];
            Printer(parsed).PrintBroken(broken, count);
            return broken.Length == 0 ? ExitCode.Success : ExitCode.Refused;
        }, _interrupt.Token));
        return command;
    }

    private Command New(string name, string description, IEnumerable<Argument>? arguments = null, IEnumerable<Option>? options = null)
    {
        var command = new Command(name, description);
        foreach (Argument argument in arguments ?? []) command.Arguments.Add(argument);
        foreach (Option option in (IEnumerable<Option>)[_store, _tenant, .. options ?? [], _json]) command.Options.Add(option);
        return command;
    }

    private async Task<int> WithScriptsAsync(ParseResult parsed, Func<SavedScripts, Task<int>> work)
    {
        // Nothing runs: the host starts no worker.
        var host = new EnclaveHost(new HostSettings { Level = SecurityLevel.Standard }.ToOptions(SecurityLevel.Standard, tools: null));
        await using (host.ConfigureAwait(false)) return await work(Scripts(parsed, host)).ConfigureAwait(false);
    }

    private SavedScripts Scripts(ParseResult parsed, EnclaveHost host) => new(ScriptStore.InFolder(parsed.GetValue(_store)!), host);

    private ScriptsPrinter Printer(ParseResult parsed) => new(_terminal, parsed.GetValue(_json));
}
