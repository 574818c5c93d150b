using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>
/// The verdicts on 160 programs for a service with tools, at STANDARD under JavaScript and under AgentScript (programs/verdicts.txt). What they give and
/// print is what node gives and prints.
/// </summary>
public sealed partial class ProgramTests(ITestOutputHelper output)
{
    private const string AsMeant = "=";

    private static readonly GuardPreset[] s_presets = [GuardPreset.JavaScript, GuardPreset.AgentScript];

    [Fact]
    public async Task They_run_as_in_node_or_are_told_what_to_write_instead()
    {
        await using var node = ProgramNode.Start();
        List<string> unhelped = [];
        var verdicts = ProgramTable.All.ToDictionary((task) => task, (_) => new List<string>());
        foreach (GuardPreset preset in s_presets)
        {
            string run = "";
            await using EnclaveHost host = Open(preset, await node.ToolsAsync(() => run));
            foreach (ModelTask task in ProgramTable.All)
            {
                run = $"{preset} {task.Name}";
                await node.OpenAsync(run);
                (string verdict, string? missing) = await VerdictAsync(host, node, task);
                verdicts[task].Add(verdict);
                if (missing is not null) unhelped.Add($"{preset}: {task.Name}: {missing}");
            }
        }

        string table = Table(verdicts);
        if (Environment.GetEnvironmentVariable("ENCLAVE_UPDATE_VERDICTS") == "1") await File.WriteAllTextAsync(ProgramTable.VerdictFile, table);
        for (int i = 0; i < s_presets.Length; i++)
            output.WriteLine($"{s_presets[i]}: {verdicts.Values.Count((all) => all[i] == AsMeant)} of {verdicts.Count} run as meant");
        Assert.True(unhelped.Count == 0, $"{unhelped.Count} are not told what to write instead:\n{string.Join('\n', unhelped)}");
        Assert.Equal(await File.ReadAllTextAsync(ProgramTable.VerdictFile), table);
        Assert.True(verdicts.Values.Count((all) => all[0] == AsMeant) >= verdicts.Count * 0.98, "fewer than 98 % run as meant under the preset javascript");
    }

    [Fact]
    public void There_are_160_of_them_and_49_have_types()
    {
        Assert.Equal((160, 49), (ProgramTable.All.Count, ProgramTable.All.Count((task) => task.IsTyped)));
        Assert.Equal(160, ProgramTable.All.DistinctBy((task) => task.Name).Count());
    }

    private static async Task<(string Verdict, string? Missing)> VerdictAsync(EnclaveHost host, ProgramNode node, ModelTask task)
    {
        ExecutionResult result = await Within.Deadline(
            host.RunAsync(task.Source, new RunOptions { Language = task.IsTyped ? ScriptLanguage.TypeScript : ScriptLanguage.JavaScript }), task.Name);
        if (result.Success)
        {
            (JsonNode? value, string printed) = await node.RunAsync(task);
            string expected = Steady(value?.ToJsonString() ?? "null"), actual = Steady(result.Value.ToJsonString());
            if (!JsonNode.DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(expected))) return ("other value", $"{actual} in place of {expected}");
            // console.table draws its tables as in Markdown, where node draws boxes.
            return (result.Stdout == printed ? AsMeant : "other output", null);
        }

        if (result.Error!.Code != ErrorCode.ValidationError) return Failed(result.Error);
        GuardIssue[] errors = [.. ((IEnumerable<GuardIssue>)result.Error.Data!["issues"]!).Where((issue) => issue.Severity == IssueSeverity.Error)];
        string? missing = errors.FirstOrDefault((issue) => string.IsNullOrEmpty(issue.Hint)) is { } bare ? $"{bare.Code}: {bare.Message}" : null;
        return (string.Join(',', errors.Select((issue) => issue.Code).Distinct()), missing);
    }

    private static (string Verdict, string? Missing) Failed(ExecutionError error)
    {
        string text = error.ToModelText();
        return ($"{error.Code.ToCode()} {error.Name}", text.Contains("Instead:", StringComparison.Ordinal) ? null : text);
    }

    /// <summary>Ids are made by chance.</summary>
    private static string Steady(string json) => Uuid().Replace(json, "uuid");

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    private static string Table(Dictionary<ModelTask, List<string>> verdicts)
    {
        var table = new StringBuilder($"# {AsMeant} runs as meant; else why not. {string.Join(" | ", s_presets)}, at STANDARD.\n");
        foreach ((ModelTask task, List<string> all) in verdicts) table.Append(task.Name).Append(" | ").AppendJoin(" | ", all).Append('\n');
        return table.ToString();
    }

    private static EnclaveHost Open(GuardPreset preset, ToolDefinition[] tools)
    {
        var options = new EnclaveOptions
        {
            Preset = preset,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            WorkerPool = WorkerPoolPresets.For(SecurityLevel.Standard) with { MinWorkers = 0, MaxWorkers = 1, SpareWorkers = 0 },
        };
        foreach (ToolDefinition tool in tools) options.Tools.Add(tool);
        return new EnclaveHost(options);
    }
}
