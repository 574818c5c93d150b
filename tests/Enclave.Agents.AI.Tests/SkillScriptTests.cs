using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Tests;

/// <summary>Script files of an agent's skills.</summary>
public sealed class SkillScriptTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-skills-").FullName;
    private EnclaveHost _enclave = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new EnclaveOptions();
        options.Tools.Add("rate", (string to) => to.Length);
        _enclave = new EnclaveHost(options);
        string scripts = Directory.CreateDirectory(Path.Combine(_folder, "unit-converter", "scripts")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "unit-converter", "SKILL.md"), "---\nname: unit-converter\ndescription: Converts units.\n---\nRun it.\n");
        await File.WriteAllTextAsync(
            Path.Combine(scripts, "convert.js"), "async function main() {\n  return Number(args[0]) * await callTool('rate', { to: args[1] });\n}\nmain();\n");
        await File.WriteAllTextAsync(Path.Combine(scripts, "escape.js"), "return require('fs').readFileSync('/etc/passwd')");
        await File.WriteAllTextAsync(Path.Combine(scripts, "old.py"), "print(1)");
    }

    public async ValueTask DisposeAsync()
    {
        await _enclave.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("scripts/convert.js", """["7","four"]""", "\"value\": 28")]
    [InlineData("scripts/escape.js", "[]", "require is not defined")]
    [InlineData("scripts/old.py", "[]", "scripts of skills are JavaScript or TypeScript")]
    public async Task A_script_runs_with_its_arguments_and_the_hosts_tools(string script, string arguments, string answer)
    {
        var model = new ScriptedModel((_) => new FunctionCallContent("c", "run_skill_script", new Dictionary<string, object?>
        {
            ["skillName"] = "unit-converter",
            ["scriptName"] = script,
            ["arguments"] = System.Text.Json.JsonElement.Parse(arguments),
        }));
        using var skills = new AgentSkillsProvider(
            _folder, _enclave.AsSkillScriptRunner(), options: new AgentSkillsProviderOptions { DisableRunSkillScriptApproval = true });
        AIAgent agent = model.AsAIAgent(new ChatClientAgentOptions { AIContextProviders = [skills, new EnclaveCodeActProvider(_enclave)] });

        Assert.Contains(answer, (await agent.RunAsync("Convert.", cancellationToken: Agents.Token)).Text, StringComparison.Ordinal);
    }
}
