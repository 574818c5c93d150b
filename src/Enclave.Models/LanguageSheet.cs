using Enclave.Guard;

namespace Enclave.Models;

/// <summary>Describes the language that a host accepts, in a few lines. The host's own guard decides about each construct.</summary>
/// <param name="language">Asks the guard.</param>
/// <param name="options">The demands of the guard on whole scripts.</param>
internal sealed class LanguageSheet(LanguageProbe language, GuardOptions options)
{
    public const string Call = "const page = await callTool('name', { limit: 50 })",
        Parallel = "const pages = await parallel([1, 2], (id) => callTool('name', { id }))",
        Catch = "try { await callTool('name', {}) } catch (error) { console.log(error.code, error.message) }";

    /// <summary>Globals that models may not expect beside the language itself.</summary>
    private static readonly string[] s_platform =
        ["Intl", "Temporal", "URL", "TextEncoder", "structuredClone", "setTimeout", "AbortController", "Blob", "crypto", "console"];

    public IEnumerable<string> Lines() => [.. language.IsWhole ? Whole() : Dialect(), .. Required()];

    private IEnumerable<string> Whole()
    {
        yield return "Write JavaScript (ES2026, strict) or TypeScript: the body of an async function. return and await stand at its top level.";
        string network = language.HasFetch ? "no network but fetch" : "no network";
        IEnumerable<string> platform = s_platform.Where((name) => language.Accepts($"return typeof {name}", []));
        yield return $"It runs alone: no files, {network}, no modules (import, require), process, window or " +
            $"eval. The rest of the language is there, with {string.Join(", ", platform)}.";
        yield return $"{Call}, or tools.orders.list(…) for 'orders:list'. The argument is one object of plain data. " +
            $"Calls that do not need each other go at once: await Promise.all([…]), or {Parallel}. A tool that fails throws an error with " +
            "name, message and code.";
        yield return "End with return and plain data. Only that and what console prints comes back. Promises that are not awaited are lost.";
    }

    private IEnumerable<string> Dialect()
    {
        var allowed = LanguageFeature.All.ToLookup((feature) => language.Accepts(feature.Probe, []));
        yield return "Write AgentScript: JavaScript, as the body of an async function in strict code. return and await stand at its top level.";
        (string noTimers, string noFunction) = language.Accepts("setTimeout(() => 1, 1)", []) ? ("", "") : ("no timers, ", "setTimeout ");
        (string network, string orFetch, string wayOut) = language.HasFetch
            ? ("no network but fetch", "or XMLHttpRequest", "Tools and fetch are the only ways out") : ("no network", "or fetch", "Tools are the only way out");
        yield return $"It runs alone: no files, {network}, {noTimers}no modules. There is no eval, Function, import, require, process, window, " +
            $"{noFunction}{orFetch}.";
        yield return $"{wayOut}: {Call}, or tools.orders.list(…) for 'orders:list'. The arguments are one object of plain data.";
        if (language.Accepts(Parallel, [])) yield return $"Calls that do not need each other are made at once, for at most 100 items: {Parallel}.";
        if (language.Accepts(Catch, [])) yield return $"A tool that fails throws an error with name, message and code: {Catch}.";
        yield return $"There are: {string.Join("; ", allowed[true].Select((feature) => feature.Name))}; array and string methods.";
        string[] refused = [.. allowed[false].Select((feature) => feature.Instead is null ? feature.Name : $"{feature.Name} (write {feature.Instead})")];
        if (refused.Length > 0) yield return $"There are not: {string.Join("; ", refused)}.";
        yield return $"Globals: {string.Join(", ", LanguageFeature.Globals.Where((name) => language.Accepts($"return typeof {name}", [])))}, and console, " +
            "whose lines are kept and shown.";
        yield return "End with return and plain data: objects, arrays, strings, numbers, booleans, null, dates. Without a return the last expression is " +
            "the value.";
    }

    private IEnumerable<string> Required()
    {
        if (options.RequireCallTool) yield return "A script has to call a tool.";
        if (options.RequiredFunctions.Count > 0) yield return $"A script has to call " +
            $"{string.Join(options.RequiredFunctionMode == RequiredFunctions.All ? " and " : " or ", options.RequiredFunctions)}.";
    }
}
