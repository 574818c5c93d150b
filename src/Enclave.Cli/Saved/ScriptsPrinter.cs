using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Cli.Check;
using Enclave.Cli.Commands;
using Enclave.Cli.Parse;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.Outcomes;
using Enclave.Tenants;
using Enclave.Tenants.Scripts;

namespace Enclave.Cli.Saved;

/// <summary>Prints saved scripts, for people or as JSON.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="json">True to print JSON.</param>
internal sealed class ScriptsPrinter(Terminal terminal, bool json)
{
    public void PrintList(IReadOnlyList<SavedScript> scripts)
    {
        if (json)
        {
            terminal.Output.WriteJson(new JsonArray([.. scripts.Select(Node)]).ToJsonString());
            return;
        }

        foreach (SavedScript script in scripts) terminal.Output.WriteLine(Line(script));
    }

    public void PrintScript(SavedScript script)
    {
        if (json) terminal.Output.WriteJson(Node(script).ToJsonString());
        else terminal.Output.WriteLine(Line(script));
    }

    public void PrintSaved(ScriptSave saved, string code)
    {
        if (json)
        {
            JsonObject node = Node(saved.Script);
            node["saved"] = saved.Reference;
            node["warnings"] = Issues(saved.Warnings);
            terminal.Output.WriteJson(node.ToJsonString());
            return;
        }

        string state = saved.Script.Active == saved.Version.Number ? "active" : $"a draft: enclave scripts activate {saved.Reference} lets runs get it";
        terminal.Output.WriteLine($"{saved.Reference}: {state}");
        new IssuePrinter(terminal.Error, saved.Reference, code).Print(saved.Warnings);
    }

    /// <summary>Prints one version with its text, and the versions beside it.</summary>
    public void PrintVersion(SavedScript script, SavedVersion version, string code)
    {
        if (json)
        {
            JsonObject node = Node(script);
            node["version"] = version.Number;
            node["code"] = code;
            terminal.Output.WriteJson(node.ToJsonString());
            return;
        }

        terminal.Output.WriteLine(Line(script));
        foreach (SavedVersion one in script.Versions) terminal.Output.WriteLine($"  {Line(one)}", one == version ? Ink.Plain : Ink.Faint);
        terminal.Output.WriteLine("");
        terminal.Output.WriteText(code);
    }

    public void PrintDifference(string from, string to, IReadOnlyList<string> lines)
    {
        if (json)
        {
            var node = new JsonObject { ["from"] = from, ["to"] = to, ["lines"] = new JsonArray([.. lines.Select((line) => JsonValue.Create(line))]) };
            terminal.Output.WriteJson(node.ToJsonString());
            return;
        }

        terminal.Output.WriteLine(lines.Count == 0 ? $"{from} and {to} are equal" : $"{from} -> {to}");
        foreach (string line in lines) terminal.Output.WriteLine(line, line[0] == '-' ? Ink.Error : Ink.Plain);
    }

    public void PrintBroken(IReadOnlyList<BrokenScript> broken, int count)
    {
        if (json)
        {
            terminal.Output.WriteJson(new JsonArray([.. broken.Select((one) => (JsonNode)new JsonObject
            {
                ["tenant"] = one.Tenant, ["name"] = one.Name, ["version"] = one.Version, ["issues"] = Issues(one.Issues),
            })]).ToJsonString());
            return;
        }

        foreach (BrokenScript one in broken)
        {
            foreach (GuardIssue issue in one.Issues)
            {
                string line = issue.Location is { } place ? $", line {place.Line}" : "";
                terminal.Output.WriteLine($"{NameOf(one.Tenant, one.Name)}@{one.Version}{line}: {issue.Code}: {issue.Message}", Ink.Error);
            }
        }

        int tenants = broken.Select((one) => one.Tenant).Distinct().Count();
        terminal.Output.WriteLine(broken.Count == 0
            ? $"{Plural.Of(count, "script")}: all fit the tools and policies"
            : $"{broken.Count} of {Plural.Of(count, "script")}, of {Plural.Of(tenants, "tenant")}, would break");
    }

    /// <summary>Prints why a script was not saved, as <c>enclave check</c> prints it.</summary>
    public void PrintRefused(SavedScriptException fault, string file, string code)
    {
        terminal.Fail(fault.Message);
        if (json) terminal.Output.WriteJson(new JsonObject { ["saved"] = null, ["issues"] = Issues(fault.Issues) }.ToJsonString());
        else new IssuePrinter(terminal.Error, file, code).Print(fault.Issues);
    }

    private static string Line(SavedScript script)
    {
        string active = script.Active is { } number ? $"version {number} is active" : "no version is active";
        string trial = script.Trial is not { } one ? "" : $", version {one.Version} for {string.Join(" and ", For(one))}";
        return $"{NameOf(script.Tenant, script.Name)}: {active}{trial}; {Plural.Of(script.Versions.Count, "version")}, the newest is {script.Newest.Number}";
    }

    private static IEnumerable<string> For(ScriptTrial trial)
    {
        if (trial.Percent > 0 || trial.Tenants.Count == 0) yield return $"{trial.Percent} % of runs";
        if (trial.Tenants.Count > 0) yield return string.Join(", ", trial.Tenants);
    }

    private static string Line(SavedVersion version)
    {
        string by = version.Author is { } author ? $" by {author}" : "", note = version.Note is { } text ? $": {text}" : "";
        return $"{version.Number}  {version.Sha256[..12]}  {version.Time.UtcDateTime:yyyy-MM-dd HH:mm}{by}{note}";
    }

    private static string NameOf(string? tenant, string name) => tenant is null ? name : $"{tenant} {name}";

    private static JsonObject Node(SavedScript script) => ScriptRow.NodeOf(script);

    private static JsonNode? Issues(IReadOnlyList<GuardIssue> issues) => JsonNode.Parse(ParseJson.Write((writer) => GuardJson.Write(writer, issues)));
}
