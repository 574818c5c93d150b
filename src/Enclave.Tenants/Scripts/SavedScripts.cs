using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Tenants.Scripts;

namespace Enclave.Tenants;

/// <summary>Saved scripts: versions with drafts and an active one, judged when they are saved and when tools change (docs/scripts.md). Thread-safe.</summary>
/// <example>
/// <code>
/// var scripts = new SavedScripts(ScriptStore.InFolder("store"), enclave);
/// await scripts.SaveAsync(new ScriptDraft { Name = "report", Code = "return args.n * 2", Activate = true });
/// ExecutionResult result = await scripts.RunSavedAsync("report", new { n = 21 });
/// </code>
/// </example>
public sealed class SavedScripts
{
    private const int MaxBytes = 1 << 20, MaxAuthor = 200, MaxNote = 2000;

    private readonly ParameterSchemas _schemas = new();
    private readonly ScriptStore _store;
    private readonly IEnclave _host;
    private readonly ScriptJudge _judge;
    private readonly TimeProvider _clock;

    /// <param name="store">The store. Several hosts may share it.</param>
    /// <param name="host">The host that judges and runs the scripts. With tenants (<see cref="TenantsExtensions.UseTenants"/>) their policies hold.</param>
    /// <param name="clock">The clock of versions. Default: the system's.</param>
    public SavedScripts(ScriptStore store, IEnclave host, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(host);
        (_store, _host, _judge, _clock) = (store, host, new ScriptJudge(host), clock ?? TimeProvider.System);
    }

    /// <summary>
    /// Saves a version, if runs of its tenant could have it: the guard judges it by the tenant's policy, and its calls are compared with the tools. The same
    /// text, schema and language as the newest version add none.
    /// </summary>
    /// <param name="draft">The script.</param>
    /// <param name="run">The options that its runs have, with their own tools; null for none.</param>
    /// <param name="cancellationToken">Ends the wait for other changes of the script.</param>
    /// <exception cref="SavedScriptException">The script is refused, a value is out of its range, or the store failed.</exception>
    public async Task<ScriptSave> SaveAsync(ScriptDraft draft, RunOptions? run = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ScriptKey key = new ScriptKey(draft.Tenant, draft.Name).Checked();
        Range(draft.Author?.Length, MaxAuthor, "the author has", "characters");
        Range(draft.Note?.Length, MaxNote, "the note has", "characters");
        // A lone surrogate would come back as another character.
        string code = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(draft.Code));
        byte[] bytes = Encoding.UTF8.GetBytes(code);
        Range(bytes.Length, MaxBytes, "the script has", "bytes");
        ParameterSchemas.Check(draft.Parameters);
        ValidationResult verdict = _judge.Judge(code, draft.Language, draft.Tenant, run);
        if (!verdict.Valid)
        {
            GuardIssue first = verdict.Issues.First((issue) => issue.Severity == IssueSeverity.Error);
            string line = first.Location is { } place ? $"line {place.Line}: " : "";
            throw new SavedScriptException(SavedScriptFault.Refused, $"{draft.Name} is not saved: {line}{first.Message}") { Issues = [.. verdict.Issues] };
        }

        var version = new SavedVersion
        {
            Number = 1,
            Sha256 = System.Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Bytes = bytes.Length,
            Time = _clock.GetUtcNow(),
            Author = draft.Author,
            Note = draft.Note,
            Parameters = draft.Parameters,
            Language = draft.Language,
        };
        SavedScript script = await _store.ChangeAsync(
            key, code, (before) => ScriptChanges.Add(before, key, version, draft.Activate), cancellationToken).ConfigureAwait(false);
        return new ScriptSave(script, script.Newest, [.. verdict.Issues]);
    }

    /// <summary>The scripts of the store, by tenant and name.</summary>
    /// <param name="tenant">Only those that runs of this tenant can get: its own and the shared ones; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SavedScriptException">The store failed.</exception>
    public async Task<IReadOnlyList<SavedScript>> ListAsync(string? tenant = null, CancellationToken cancellationToken = default) =>
        [
            .. (await _store.ListAsync(cancellationToken).ConfigureAwait(false))
                .Where((script) => tenant is null || script.Tenant is null || script.Tenant == tenant),
        ];

    /// <summary>Finds a script that runs of a tenant get under this name: its own, or else the shared one. Null if there is none.</summary>
    /// <param name="name">The name, without a version.</param>
    /// <param name="tenant">The tenant; null for shared scripts only.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SavedScriptException">The store failed.</exception>
    public async Task<SavedScript?> FindAsync(string name, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        SavedScript? own = tenant is null ? null : await _store.FindAsync(new ScriptKey(tenant, name).Checked(), cancellationToken).ConfigureAwait(false);
        return own ?? await _store.FindAsync(new ScriptKey(null, name).Checked(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the text of a version.</summary>
    /// <param name="reference">The script, as <c>report</c> for its active version (or the newest, without one), or <c>report@3</c>.</param>
    /// <param name="tenant">The tenant; null for shared scripts only.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SavedScriptException">There is no such version, or the store failed.</exception>
    public async Task<string> ReadAsync(string reference, string? tenant = null, CancellationToken cancellationToken = default)
    {
        (SavedScript script, SavedVersion version) = await ShowAsync(reference, tenant, cancellationToken).ConfigureAwait(false);
        return await TextAsync(script, version, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The script and the version that a reference names: without a version the active one, or else the newest.</summary>
    internal async Task<(SavedScript Script, SavedVersion Version)> ShowAsync(string reference, string? tenant, CancellationToken cancellationToken)
    {
        (SavedScript script, int? version) = await NeededAsync(reference, tenant, cancellationToken).ConfigureAwait(false);
        return (script, ScriptChanges.Needed(script, version ?? script.Active ?? script.Newest.Number));
    }

    /// <summary>Lets runs get a version from now on: all of them, or those of a trial.</summary>
    /// <param name="reference">The script and version, as <c>report@3</c>; without a version the newest.</param>
    /// <param name="tenant">The tenant that the script belongs to; null for a shared one.</param>
    /// <param name="trial">The runs that get it (its version is the one of <paramref name="reference"/>); null for all.</param>
    /// <param name="cancellationToken">Ends the wait for other changes of the script.</param>
    /// <exception cref="SavedScriptException">There is no such version, a share is out of its range, or the store failed.</exception>
    public Task<SavedScript> ActivateAsync(string reference, string? tenant = null, ScriptTrial? trial = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        (string name, int? version) = ScriptKey.Parse(reference);
        return ChangeAsync(name, tenant, (script) =>
        {
            int number = version ?? script.Newest.Number;
            return trial is null ? ScriptChanges.Activate(script, number) : ScriptChanges.Try(script, trial with { Version = number });
        }, cancellationToken);
    }

    /// <summary>Goes back: ends the trial if there is one, or else activates the version that was active before. It holds for the next run on.</summary>
    /// <param name="name">The name of the script.</param>
    /// <param name="tenant">The tenant that the script belongs to; null for a shared one.</param>
    /// <param name="cancellationToken">Ends the wait for other changes of the script.</param>
    /// <exception cref="SavedScriptException">There is no such script, nothing to go back to, or the store failed.</exception>
    public Task<SavedScript> RollBackAsync(string name, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ChangeAsync(name, tenant, ScriptChanges.RollBack, cancellationToken);
    }

    /// <summary>
    /// Judges all versions that runs can get without naming one, with the tools and policies of this moment: call it before you deploy a change of tools.
    /// </summary>
    /// <param name="runOf">Returns the options that runs of a tenant have, with their own tools; null for none.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The versions that would break.</returns>
    /// <exception cref="SavedScriptException">The store failed.</exception>
    public async Task<IReadOnlyList<BrokenScript>> CheckAsync(Func<string?, RunOptions?>? runOf = null, CancellationToken cancellationToken = default)
    {
        var broken = new List<BrokenScript>();
        foreach (SavedScript script in await _store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (SavedVersion version in ScriptChanges.Chosen(script))
            {
                string code = await TextAsync(script, version, cancellationToken).ConfigureAwait(false);
                ValidationResult verdict = await Task.Run(
                    () => _judge.Judge(code, version.Language, script.Tenant, runOf?.Invoke(script.Tenant)), cancellationToken).ConfigureAwait(false);
                if (ScriptJudge.Breaks(verdict) is { Count: > 0 } issues) broken.Add(new BrokenScript(script.Tenant, script.Name, version.Number, issues));
            }
        }

        return broken;
    }

    /// <summary>Chooses the version of a run, and holds its arguments to the schema. The run is not started.</summary>
    /// <param name="reference">The script, as <c>report</c> for the version that is active for this run, or <c>report@3</c>.</param>
    /// <param name="arguments">The global <c>args</c>: any value that <see cref="ScriptValue.From"/> accepts, and objects, by their JSON.</param>
    /// <param name="options">The options of the run. Its tenant's own script comes before a shared one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SavedScriptException">There is no such version, the arguments do not fit, or the store failed.</exception>
    public async Task<SavedRun> PrepareAsync(
        string reference, object? arguments = null, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        // A trial without a key goes by the id of the run.
        options = (options ?? new RunOptions()) with { RunId = options?.RunId ?? Guid.NewGuid().ToString("n") };
        (SavedScript script, int? asked) = await NeededAsync(reference, options.Tenant, cancellationToken).ConfigureAwait(false);
        SavedVersion version = ScriptChanges.Choose(script, asked, options);
        string name = $"{script.Name}@{version.Number}";
        ScriptValue given = ArgumentsOf(arguments);
        _schemas.Hold(name, version.Parameters, given, cancellationToken);
        string code = await TextAsync(script, version, cancellationToken).ConfigureAwait(false);
        return new SavedRun(name, code, options with
        {
            Globals = ScriptJudge.WithArguments(options.Globals, given),
            Language = version.Language,
            SourceName = name,
            SavedScript = name,
        });
    }

    /// <summary>Runs a saved script. <see cref="ExecutionResult.Script"/> says which version it was.</summary>
    /// <inheritdoc cref="PrepareAsync"/>
    /// <returns>The result, as of <see cref="IEnclave.RunAsync"/>.</returns>
    public async Task<ExecutionResult> RunSavedAsync(
        string reference, object? arguments = null, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        SavedRun run = await PrepareAsync(reference, arguments, options, cancellationToken).ConfigureAwait(false);
        return await _host.RunAsync(run.Code, run.Options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs a version again with the inputs and the recorded answers of earlier runs of its script, and compares calls and results. No tool is called.
    /// </summary>
    /// <param name="reference">The script and version, as <c>report@4</c>; without a version the newest.</param>
    /// <param name="recordings">The recordings: those of <c>EnclaveOptions.KeepRecordings</c>, with <c>Always</c> also those of runs that succeeded.</param>
    /// <param name="tenant">The tenant of the runs. Its own script comes before a shared one.</param>
    /// <param name="last">The most runs; the newest come first. Range: 1 to 100,000. Default: 1,000.</param>
    /// <param name="activateIfEqual">True to activate the version if it did the same with all runs.</param>
    /// <param name="cancellationToken">Ends the rehearsal.</param>
    /// <exception cref="SavedScriptException">There is no such version, or a store failed.</exception>
    /// <exception cref="JournalException">The recordings cannot be listed.</exception>
    public async Task<ScriptRehearsal> RehearseAsync(
        string reference, KeepRecordings recordings, string? tenant = null, int last = 1000, bool activateIfEqual = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, 100_000);
        (SavedScript script, int? asked) = await NeededAsync(reference, tenant, cancellationToken).ConfigureAwait(false);
        SavedVersion version = ScriptChanges.Needed(script, asked ?? script.Newest.Number);
        string code = await TextAsync(script, version, cancellationToken).ConfigureAwait(false), name = $"{script.Name}@{version.Number}";
        IReadOnlyList<RehearsedRun> runs = await new Rehearsal(_host, recordings, _schemas)
            .RunAsync(script, version, code, tenant, last, cancellationToken).ConfigureAwait(false);
        var rehearsal = new ScriptRehearsal(name, runs);
        if (!activateIfEqual || !rehearsal.IsEqual) return rehearsal;
        await ActivateAsync(name, script.Tenant, null, cancellationToken).ConfigureAwait(false);
        return rehearsal with { IsActivated = true };
    }

    private async Task<(SavedScript Script, int? Version)> NeededAsync(string reference, string? tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        (string name, int? version) = ScriptKey.Parse(reference);
        return (await FindAsync(name, tenant, cancellationToken).ConfigureAwait(false) ?? throw Unknown(new ScriptKey(tenant, name)), version);
    }

    private async Task<string> TextAsync(SavedScript script, SavedVersion version, CancellationToken cancellationToken) =>
        await _store.ReadAsync(new ScriptKey(script.Tenant, script.Name), version, cancellationToken).ConfigureAwait(false) ?? throw new SavedScriptException(
            SavedScriptFault.NotFound, $"the text of {script.Name}@{version.Number} is not in the store any more: newer versions have taken its place");

    private async Task<SavedScript> ChangeAsync(string name, string? tenant, Func<SavedScript, SavedScript> change, CancellationToken cancellationToken)
    {
        ScriptKey key = new ScriptKey(tenant, name).Checked();
        // A name that was mistyped leaves nothing in the store.
        if (await _store.FindAsync(key, cancellationToken).ConfigureAwait(false) is null) throw Unknown(key);
        return await _store.ChangeAsync(key, null, (before) => change(before ?? throw Unknown(key)), cancellationToken).ConfigureAwait(false);
    }

    private static ScriptValue ArgumentsOf(object? arguments)
    {
        try
        {
            return arguments is null ? ScriptValue.From(new Dictionary<string, object?>()) : ScriptValue.From(arguments);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new SavedScriptException(SavedScriptFault.Arguments, $"the arguments cannot be passed to a script: {fault.Message}", fault);
        }
    }

    private static void Range(int? value, int most, string what, string unit)
    {
        if (value > most) throw new SavedScriptException(SavedScriptFault.OutOfRange, $"{what} {value} {unit}; at most {most} are allowed");
    }

    private static SavedScriptException Unknown(ScriptKey key) => new(
        SavedScriptFault.NotFound, $"there is no saved script {key}: enclave scripts list shows those that there are, and enclave scripts save makes one");
}
