using Enclave.Guard;

namespace Enclave.Models;

/// <summary>Describes the language that a host accepts, in a few lines. The host's own guard decides about each construct.</summary>
internal sealed class LanguageSheet
{
    public const string Call = "const page = await callTool('name', { limit: 50 })",
        Parallel = "const pages = await parallel([1, 2], (id) => callTool('name', { id }))",
        Catch = "try { await callTool('name', {}) } catch (error) { console.log(error.code, error.message) }";

    /// <summary>Globals that models may not expect beside the language itself.</summary>
    private static readonly string[] s_platform =
        ["Intl", "Temporal", "URL", "TextEncoder", "structuredClone", "setTimeout", "AbortController", "Blob", "crypto", "console"];

    private readonly ScriptGuard _guard;
    private readonly GuardOptions _options;

    public LanguageSheet(GuardSettings settings)
    {
        _options = settings.Options;
        IsWhole = settings.Preset == GuardPreset.JavaScript;
        // Requirements for whole scripts are stated once. A probe would not meet them.
        GuardOptions probing = _options with { RequireCallTool = false, RequiredFunctions = [], AllowedToolNames = null, CallToolValidation = null };
        _guard = new ScriptGuard(settings with { Options = probing, CacheBytes = 0 });
    }

    /// <summary>True if a script may call a tool of this name.</summary>
    public bool MayCall(string tool) => _options.AllowedToolNames is not { } allowed || allowed.Contains(tool, StringComparer.Ordinal);

    /// <summary>True if a script may use a global of the host.</summary>
    public bool MayName(string global) => Accepts($"return {global}", [global]);

    /// <summary>True if a script may use fetch.</summary>
    public bool HasFetch => Accepts("return fetch('https://example.com')", []);

    /// <summary>True if scripts have the whole language. Models know it: the text then has only what differs here.</summary>
    public bool IsWhole { get; }

    public IEnumerable<string> Lines() => [.. IsWhole ? Whole() : Dialect(), .. Required()];

    private IEnumerable<string> Whole()
    {
        yield return "Write JavaScript (ES2026, strict) or TypeScript: the body of an async function. return and await stand at its top level.";
        yield return $"It runs alone: no files, {(HasFetch ? "no network but fetch" : "no network")}, no modules (import, require), process, window or " +
            $"eval. The rest of the language is there, with {string.Join(", ", s_platform.Where((name) => Accepts($"return typeof {name}", [])))}.";
        yield return $"{Call}, or tools.orders.list(…) for 'orders:list'. The argument is one object of plain data. " +
            $"Calls that do not need each other go at once: await Promise.all([…]), or {Parallel}. A tool that fails throws an error with " +
            "name, message and code.";
        yield return "End with return and plain data. Only that and what console prints comes back. Promises that are not awaited are lost.";
    }

    private IEnumerable<string> Dialect()
    {
        var allowed = LanguageFeature.All.ToLookup((feature) => Accepts(feature.Probe, []));
        yield return "Write AgentScript: JavaScript, as the body of an async function in strict code. return and await stand at its top level.";
        (string noTimers, string noFunction) = Accepts("setTimeout(() => 1, 1)", []) ? ("", "") : ("no timers, ", "setTimeout ");
        (string network, string orFetch, string wayOut) = HasFetch
            ? ("no network but fetch", "or XMLHttpRequest", "Tools and fetch are the only ways out") : ("no network", "or fetch", "Tools are the only way out");
        yield return $"It runs alone: no files, {network}, {noTimers}no modules. There is no eval, Function, import, require, process, window, " +
            $"{noFunction}{orFetch}.";
        yield return $"{wayOut}: {Call}, or tools.orders.list(…) for 'orders:list'. The arguments are one object of plain data.";
        if (Accepts(Parallel, [])) yield return $"Calls that do not need each other are made at once, for at most 100 items: {Parallel}.";
        if (Accepts(Catch, [])) yield return $"A tool that fails throws an error with name, message and code: {Catch}.";
        yield return $"There are: {string.Join("; ", allowed[true].Select((feature) => feature.Name))}; array and string methods.";
        string[] refused = [.. allowed[false].Select((feature) => feature.Instead is null ? feature.Name : $"{feature.Name} (write {feature.Instead})")];
        if (refused.Length > 0) yield return $"There are not: {string.Join("; ", refused)}.";
        yield return $"Globals: {string.Join(", ", LanguageFeature.Globals.Where((name) => Accepts($"return typeof {name}", [])))}, and console, " +
            "whose lines are kept and shown.";
        yield return "End with return and plain data: objects, arrays, strings, numbers, booleans, null, dates. Without a return the last expression is " +
            "the value.";
    }

    private IEnumerable<string> Required()
    {
        if (_options.RequireCallTool) yield return "A script has to call a tool.";
        if (_options.RequiredFunctions.Count > 0) yield return $"A script has to call " +
            $"{string.Join(_options.RequiredFunctionMode == RequiredFunctions.All ? " and " : " or ", _options.RequiredFunctions)}.";
    }

    /// <summary>True only without a warning: at PERMISSIVE an unknown name gives just a warning.</summary>
    private bool Accepts(string program, IReadOnlyCollection<string> globals) => _guard.Validate(program, globals) is { Valid: true, Issues.Count: 0 };
}
