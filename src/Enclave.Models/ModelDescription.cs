using System.Text;
using System.Text.Json.Nodes;
using Enclave.Fetch;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Tools;

namespace Enclave.Models;

/// <summary>Describes a host for a model that writes scripts for it.</summary>
internal sealed partial class ModelDescription
{
    /// <summary>Declarations for every script. A compiler needs them; the text about the whole language says the same in words.</summary>
    private const string Known =
        "declare const console: Record<'log' | 'info' | 'warn' | 'error' | 'debug', (...values: unknown[]) => void>;\n" +
        "declare function parallel<T, R>(items: readonly T[], callback: (item: T, index: number) => R, options?: { maxConcurrency?: number }): " +
        "Promise<Awaited<R>[]>;\n" +
        "declare function parallel<R>(functions: readonly (() => R)[], options?: { maxConcurrency?: number }): Promise<Awaited<R>[]>;\n";

    private readonly ModelSubject _host;
    private readonly OpenTools _open;
    private readonly SequencePolicyOptions _rules;
    private readonly Lazy<string[]> _lines;
    private readonly FetchPolicy? _fetch;

    /// <param name="host">The host that is described.</param>
    /// <param name="open">The tools that scripts may call under these rules.</param>
    /// <param name="options">The demands of the guard on whole scripts.</param>
    public ModelDescription(ModelSubject host, OpenTools open, GuardOptions options)
    {
        _host = host;
        _open = open;
        _rules = host.Rules;
        if (host.Fetch is { } fetch) _fetch = new FetchPolicy(fetch);
        _lines = new Lazy<string[]>(() => [.. new LanguageSheet(Language, options).Lines()]);
    }

    private LanguageProbe Language => _open.Language;

    public string Of(ModelTextFormat format, RunLimits limits, RunOptions? run)
    {
        ToolDefinition[] tools = [.. _open.Of(run)];
        string[] facts = Facts(limits, tools, run);
        (string Name, string Type)[] globals = [.. Globals(run).Where((global) => Language.MayName(global.Name))];
        return format switch
        {
            ModelTextFormat.TypeScript => TypeScript(facts, tools, globals, Declarations),
            ModelTextFormat.Namespaces => TypeScript(facts, tools, globals, Members),
            ModelTextFormat.Markdown => Markdown(facts, tools, globals),
            ModelTextFormat.JsonSchema => Json(facts, tools, globals),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "ModelTextFormat is TypeScript, Namespaces, Markdown or JsonSchema."),
        };
    }

    private string TypeScript(string[] facts, ToolDefinition[] tools, (string Name, string Type)[] globals, Func<ToolDefinition[], string> declared) =>
        TypeScript(facts, Known + Environment(globals), declared(tools));

    private string TypeScript(string[] facts, string environment, string tools)
    {
        var text = new StringBuilder("/*\n");
        foreach (string line in _lines.Value.Concat(facts)) text.Append(TypeScriptText.Comment(line)).Append('\n');
        return text.Append("*/\n\n").Append(environment).Append(environment.Length > 0 ? "\n" : "").Append(tools).ToString();
    }

    private string Markdown(string[] facts, ToolDefinition[] tools, (string Name, string Type)[] globals)
    {
        var text = new StringBuilder("## Language\n\n");
        foreach (string line in _lines.Value) text.Append("- ").Append(line).Append('\n');
        text.Append("\n## Limits\n\n");
        foreach (string line in facts) text.Append("- ").Append(line).Append('\n');
        text.Append("\n## Tools\n\n```typescript\n").Append(Declarations(tools)).Append("```\n");
        if (globals.Length > 0) text.Append("\n## Globals\n\n```typescript\n").AppendJoin('\n', globals.Select(Declared)).Append("\n```\n");
        return text.ToString();
    }

    private string Json(string[] facts, ToolDefinition[] tools, (string Name, string Type)[] globals) => new JsonObject
    {
        ["language"] = string.Join('\n', _lines.Value),
        ["limits"] = new JsonArray([.. facts.Select((line) => (JsonNode)line)]),
        ["globals"] = new JsonObject(globals.Select((global) => KeyValuePair.Create<string, JsonNode?>(global.Name, global.Type))),
        ["tools"] = new JsonArray([.. tools.Select((tool) => new JsonObject
        {
            ["name"] = tool.Name,
            ["description"] = string.Join(' ', ToolNotes.Of(tool, _rules)),
            ["parameters"] = tool.ArgumentsSchema,
            ["returns"] = tool.ResultSchema,
        })]),
    }.ToJsonString(ToolJson.Options);

    /// <summary>What a model has to know in addition to the language.</summary>
    private string[] Facts(RunLimits limits, ToolDefinition[] tools, RunOptions? run) =>
        [.. LimitLines(limits), .. LibraryLines(), .. FetchLines(run), .. ToolLines(tools)];

    private IEnumerable<string> FetchLines(RunOptions? run)
    {
        if (_host.Fetch is not { } fetch || !Language.HasFetch) yield break;
        yield return $"fetch(url, options) is there as in browsers, with Request and Response, for: {_fetch!.Describe(run?.Tenant)}. A response has at most " +
            $"{fetch.MaxResponseBytes} bytes and takes at most {fetch.Timeout.TotalSeconds:0.###} s; each counts as a tool call. The host adds credentials. " +
            "There are no cookies, no cache and no relative addresses.";
    }

    private IEnumerable<string> LimitLines(RunLimits limits)
    {
        if (Language.IsWhole)
        {
            string cpu = limits.CpuMicroseconds < limits.TimeoutMicroseconds ? $" ({Time(limits.CpuMicroseconds)} of processor)" : "";
            yield return $"Limits: {Time(limits.TimeoutMicroseconds)} with waits{cpu}, {limits.MemoryBytes >> 20} MB, {limits.MaxToolCalls} tool calls, " +
                $"{Math.Min(limits.MaxToolCalls, limits.MaxPendingToolCalls)} at once, {limits.MaxIterations} rounds of one loop, " +
                $"{limits.MaxConsoleCalls} lines of console. They end the script; nothing in it can catch that.";
            yield break;
        }

        yield return $"A script may take {Time(limits.TimeoutMicroseconds)} with its waits and compute for {Time(limits.CpuMicroseconds)}, hold " +
            $"{limits.MemoryBytes >> 20} MB, and make {limits.MaxToolCalls} tool calls, {Math.Min(limits.MaxToolCalls, limits.MaxPendingToolCalls)} at once.";
        yield return $"A loop may make {limits.MaxIterations} rounds, all loops together {limits.MaxTotalIterations}. " +
            $"The console takes {limits.MaxConsoleCalls} lines and {limits.MaxConsoleBytes} bytes.";
        yield return $"A value may be nested {limits.MaxValueDepth} deep and have {limits.MaxValueProperties} members and {limits.MaxValueBytes} bytes in " +
            "all. A limit ends the script; nothing in it can catch that.";
    }

    private IEnumerable<string> ToolLines(ToolDefinition[] tools)
    {
        if (tools.Length == 0)
            return [!_host.HasHandler ? "There are no tools here." : "The tools are not described here: call those you were told of elsewhere."];
        return tools.Any((tool) => tool.Options.Effects != ToolEffects.None) ? ToolNotes.Rules(_rules) : [];
    }

    private static string Environment((string Name, string Type)[] globals) => string.Concat(globals.Select((global) => $"{Declared(global)}\n"));

    private string Declarations(ToolDefinition[] tools) => Declarations(tools, int.MaxValue);

    /// <summary>The declarations of these tools. They end after the first tool with which the text is longer than this many characters.</summary>
    private string Declarations(ToolDefinition[] tools, long characters)
    {
        var text = new StringBuilder();
        var scope = new TypeScriptScope();
        foreach (ToolDefinition tool in tools.TakeWhile((_) => text.Length <= characters))
        {
            (string note, string mark, string taken, string returned) = Signature(tool, text, scope);
            text.Append(note).Append($"declare function callTool(name: {TypeScriptText.Quoted(tool.Name)}, args{mark}: {taken}): Promise<{returned}>;\n");
        }

        if (tools.Length == 0 && _host.HasHandler) text.Append("declare function callTool(name: string, args?: Record<string, any>): Promise<any>;\n");
        return text.ToString();
    }

    /// <summary>The parts of a tool's declaration. Types that have names are written before it.</summary>
    private (string Note, string Mark, string Taken, string Returned) Signature(ToolDefinition tool, StringBuilder types, TypeScriptScope scope)
    {
        scope.StartTool();
        string name = Pascal(tool.Name);
        var args = new TypeScriptTypes(tool.ArgumentsSchema, $"{name}ToolArgs", ValueDirection.FromScript, scope);
        // A foreign schema declares by itself which members are always present.
        ValueDirection given = tool.IsSchemaGiven ? ValueDirection.FromScript : ValueDirection.FromTool;
        var result = new TypeScriptTypes(tool.ResultSchema, $"{name}ToolResult", given, scope);
        string taken = args.Whole(0), returned = result.Whole(0);
        foreach (string type in args.Named().Concat(result.Named())) types.Append(type).Append('\n');
        string[] notes = [.. ToolNotes.Of(tool, _rules)];
        string note = notes.Length > 0 ? $"/** {TypeScriptText.Comment(string.Join(' ', notes))} */\n" : "";
        // A tool that takes anything still takes an object.
        return (note, IsOptional(tool.ArgumentsSchema) ? "?" : "", taken == "any" ? "Record<string, any>" : taken, returned);
    }

    private IEnumerable<(string Name, string Type)> Globals(RunOptions? run) =>
        Constants(run).Concat(_host.Libraries.Select((library) => (library.Name, Type(library))));

    private static string Type(Library library) => library.TypeScript?.Trim() ?? "any";

    private IEnumerable<string> LibraryLines()
    {
        foreach (Library library in _host.Libraries.Where((library) => Language.MayName(library.Name)))
        {
            string what = library.Description is { } words ? $": {string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}" : ".";
            yield return $"The library `{library.Name}` is there as a frozen global{what}";
        }
    }

    private IEnumerable<(string Name, string Type)> Constants(RunOptions? run)
    {
        var all = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (IReadOnlyDictionary<string, object?>? globals in (IReadOnlyDictionary<string, object?>?[])[_host.Globals, run?.Globals])
        {
            foreach ((string name, object? value) in globals ?? new Dictionary<string, object?>()) all[name] = value;
        }

        IEnumerable<(string, string)> constants = all.Select((global) => (global.Key, GlobalTypes.Of(ScriptValue.From(global.Value))));
        return constants.Concat(RunFeatures.GlobalsOf(run).Where((global) => global.Type is not null).Select((global) => (global.Name, global.Type!)));
    }

    private static bool IsOptional(JsonNode schema) =>
        schema is not JsonObject { } node || node["required"] is not JsonArray { Count: > 0 } && !node.ContainsKey("anyOf");

    private static string Declared((string Name, string Type) global) => $"declare const {global.Name}: {global.Type};";

    private static string Pascal(string tool) =>
        string.Concat(tool.Split(':', '_', '-').Where((part) => part.Length > 0).Select((part) => char.ToUpperInvariant(part[0]) + part[1..]));

    private static string Time(long microseconds) => microseconds >= 1_000_000 ? $"{microseconds / 1e6:0.###} s" : $"{microseconds / 1e3:0.###} ms";
}
