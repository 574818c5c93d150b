using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Explaining;

/// <summary>Explanations of failed runs say what node's debugger says of the same programs (judge.mjs).</summary>
public sealed class ExplainedFailureTests
{
    [Fact]
    public async Task An_explanation_shows_the_failing_line_and_the_value_that_caused_the_error()
    {
        List<FailingProgram> programs = FailingPrograms.Of(TestSize.Of(70, 300), new Random(20261130));
        JsonArray judged = await JudgeAsync(programs);
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Preset = GuardPreset.JavaScript,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            ToolHandler = (name, args, context) => name == "broken" ? throw new ToolException("the tool is broken")
                : new(name == "nothing" ? ScriptValue.Null : ScriptValue.From(new { items = new[] { new { id = 1 }, new { id = 2 } } })),
        });
        var wrongLines = new List<string>();
        var wrongValues = new List<string>();
        for (int i = 0; i < programs.Count; i++)
        {
            FailingProgram program = programs[i];
            JsonNode verdict = judged[i]!;
            Assert.True(verdict["line"] is not null, $"node: {program.Name}: {verdict}\n{program.Code}");
            ExecutionResult run = await Within.Deadline(host.RunAsync(program.Code, new RunOptions { Record = true }), program.Name);
            Assert.False(run.Success, program.Code);

            RunExplanation explanation = await Within.Deadline(host.ExplainAsync(run.Recording!), program.Name);

            string about = $"{program.Name}: node {verdict.ToJsonString()}, here line {explanation.Line}: {explanation.Statement} "
                + $"{string.Join(", ", explanation.Values)} {string.Join("; ", explanation.Notes)}\n{program.Code}\n";
            if (explanation.Line != (int)verdict["line"]!) wrongLines.Add(about);
            if (!Says(explanation, program.Cause, (string?)verdict["value"])) wrongValues.Add(about);
            // The trace changes nothing that the replay can see.
            if (explanation.Notes.Count > 0) wrongLines.Add(about);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{programs.Count} programs, {wrongLines.Count} wrong lines, {wrongValues.Count} wrong values\n{string.Join('\n', wrongValues)}");
        Assert.True(wrongLines.Count == 0, string.Join('\n', wrongLines));
        Assert.True(wrongValues.Count * 20 <= programs.Count, string.Join('\n', wrongValues));
    }

    private static bool Says(RunExplanation explanation, string cause, string? expected)
    {
        if (expected is null || !explanation.Values.TryGetValue(cause, out string? value)) return false;
        return expected switch
        {
            "[function" or "[" => value.StartsWith(expected, StringComparison.Ordinal),
            "{" => value.Contains('{', StringComparison.Ordinal),
            _ => value == expected,
        };
    }

    private static async Task<JsonArray> JudgeAsync(IReadOnlyList<FailingProgram> programs)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Repository.Root, "artifacts/engine/node"), [Path.Combine(Repository.Root, "tests/Enclave.Host.Tests/Explaining/judge.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(programs.Select((one) => new { code = one.Code, cause = one.Cause })));
        node.StandardInput.Close();
        string answer = await Within.Deadline(node.StandardOutput.ReadToEndAsync(), "answer of node");
        await Within.Deadline(node.WaitForExitAsync(), "end of node");
        return JsonNode.Parse(answer)!.AsArray();
    }
}
