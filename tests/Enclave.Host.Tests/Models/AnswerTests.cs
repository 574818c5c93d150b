using System.Text;
using System.Text.Json.Nodes;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>The verdicts on 158 programs as models write them, at each level, under AgentScript and under JavaScript (answers/verdicts.txt).</summary>
public sealed class AnswerTests(ITestOutputHelper output)
{
    private const string AsMeant = "=";

    private static readonly SecurityLevel[] s_levels = Enum.GetValues<SecurityLevel>();

    [Fact]
    public async Task Each_runs_as_meant_or_is_told_what_to_write_instead()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        List<string> unhelped = [];
        var verdicts = AnswerTable.All.ToDictionary((answer) => answer, (_) => new List<string>());
        foreach (GuardPreset preset in (GuardPreset[])[GuardPreset.AgentScript, GuardPreset.JavaScript])
        {
            foreach (SecurityLevel level in s_levels)
            {
                await using EnclaveHost host = Open(level, preset);
                foreach (Answer answer in AnswerTable.All)
                {
                    (string verdict, string? missing) = await VerdictAsync(host, answer);
                    verdicts[answer].Add(verdict);
                    if (missing is not null) unhelped.Add($"{level} {preset}: {answer.Name}: {missing}");
                }
            }
        }

        string table = Table(verdicts);
        if (Environment.GetEnvironmentVariable("ENCLAVE_UPDATE_VERDICTS") == "1") await File.WriteAllTextAsync(AnswerTable.VerdictFile, table);
        output.WriteLine(Summary(verdicts));
        Assert.True(unhelped.Count == 0, $"{unhelped.Count} are not told what to write instead:\n{string.Join('\n', unhelped)}");
        Assert.Equal(await File.ReadAllTextAsync(AnswerTable.VerdictFile), table);
        int asMeant = verdicts.Values.Count((all) => all[s_levels.Length + (int)SecurityLevel.Standard] == AsMeant);
        Assert.True(asMeant >= AnswerTable.All.Count * 0.95, $"{asMeant} of {AnswerTable.All.Count} run as meant at STANDARD under the preset javascript");
    }

    [Fact]
    public void There_are_158_of_them_and_18_of_them_have_types()
    {
        Assert.Equal(158, AnswerTable.All.Count);
        Assert.Equal(18, AnswerTable.All.Count((answer) => answer.Name.StartsWith("typescript / ", StringComparison.Ordinal)));
    }

    private static async Task<(string Verdict, string? Missing)> VerdictAsync(EnclaveHost host, Answer answer)
    {
        ModelProgram program = ModelText.ExtractProgram(answer.Text);
        if (!program.Success) return ("NO_PROGRAM", null);
        ExecutionResult result = await Within.Deadline(host.RunAsync(program.Source, new RunOptions { Language = program.Language }), answer.Name);
        if (result.Success)
            return Same(result.Value, answer.Value) ? (AsMeant, null) : ("other value", $"{result.Value.ToJsonString()} in place of {answer.Value}");
        if (result.Error!.Code != ErrorCode.ValidationError) return Failed(result.Error);
        GuardIssue[] errors = [.. ((IEnumerable<GuardIssue>)result.Error.Data!["issues"]!).Where((issue) => issue.Severity == IssueSeverity.Error)];
        string? missing = errors.FirstOrDefault((issue) => string.IsNullOrEmpty(issue.Hint)) is { } bare ? $"{bare.Code}: {bare.Message}" : null;
        return (string.Join(',', errors.Select((issue) => issue.Code).Distinct()), missing);
    }

    private static (string Verdict, string? Missing) Failed(ExecutionError error)
    {
        string text = error.ToModelText();
        bool helps = text.Contains("Instead:", StringComparison.Ordinal) && !text.Contains("declare the name", StringComparison.Ordinal);
        return ($"{error.Code.ToCode()} {error.Name}", helps ? null : text);
    }

    private static bool Same(ScriptValue value, string expected) =>
        expected != AnswerTable.Nothing && JsonNode.DeepEquals(JsonNode.Parse(value.ToJsonString()), JsonNode.Parse(expected));

    private static string Table(Dictionary<Answer, List<string>> verdicts)
    {
        var table = new StringBuilder(
            $"# {AsMeant} runs as meant; else why not. AgentScript at {string.Join(", ", s_levels)} | JavaScript at the same levels.\n");
        foreach ((Answer answer, List<string> all) in verdicts)
        {
            table.Append(answer.Name)
                .Append(" | ").AppendJoin(" ; ", all.Take(s_levels.Length)).Append(" | ").AppendJoin(" ; ", all.Skip(s_levels.Length)).Append('\n');
        }

        return table.ToString();
    }

    private static string Summary(Dictionary<Answer, List<string>> verdicts) => string.Join('\n', Enumerable.Range(0, s_levels.Length * 2).Select((column) =>
        $"{(column < s_levels.Length ? "agentscript" : "javascript")} {s_levels[column % s_levels.Length]}: " +
            $"{verdicts.Values.Count((all) => all[column] == AsMeant)} of {verdicts.Count} run as meant"));

    private static EnclaveHost Open(SecurityLevel level, GuardPreset preset)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Preset = preset,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.For(level) with { MinWorkers = 0, MaxWorkers = 1, SpareWorkers = 0 },
        };
        AnswerTools.AddTo(options.Tools);
        return new EnclaveHost(options);
    }
}
