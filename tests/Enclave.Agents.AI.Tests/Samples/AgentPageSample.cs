using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Tests;

/// <summary>The samples of docs/agents.md.</summary>
public sealed class AgentPageSample
{
    [Fact]
    public async Task An_agent_computes()
    {
        var model = new ScriptedModel(ScriptedModel.Runs("return 6765"));
        // sample
        await using var enclave = new EnclaveHost();
        AIAgent agent = model.AsAIAgent(new ChatClientAgentOptions { AIContextProviders = [new EnclaveCodeActProvider(enclave)] });
        Console.WriteLine(await agent.RunAsync("What is the 20th Fibonacci number?"));
        // end
        Assert.Equal(2, model.Requests.Count);
    }

    [Fact]
    public async Task An_agent_computes_without_a_model()
    {
        await using var enclave = new EnclaveHost();
        using var model = new FixedModel("return [1, 2, 3].length * 2255");
        AIAgent agent = model.AsAIAgent(new ChatClientAgentOptions { AIContextProviders = [new EnclaveCodeActProvider(enclave)] });
        var said = new List<string>();

        Assert.Equal("{\"value\":6765}", (await agent.RunAsync("What is the 20th Fibonacci number?", cancellationToken: Agents.Token)).Text);
        await foreach (AgentResponseUpdate update in agent.RunStreamingAsync("And again?", cancellationToken: Agents.Token)) said.Add(update.Text);
        Assert.Equal("{\"value\":6765}", string.Concat(said));
    }

    [Fact]
    public async Task A_user_decides_about_calls()
    {
        var paid = new List<string>();
        AIFunction invoices = AIFunctionFactory.Create(() => new[] { "acme", "globex" }, "invoices");
        AIFunction pay = AIFunctionFactory.Create(paid.Add, "pay");
        var model = new ScriptedModel(ScriptedModel.Runs(
            "return (await Promise.allSettled((await callTool('invoices')).map((item) => callTool('pay', { item })))).map((one) => one.status)"));
        Func<FunctionCallContent, bool> askUser = (call) => $"{call.Arguments!["item"]}" == "acme";
        // sample
        await using var enclave = new EnclaveHost();
        var provider = new EnclaveCodeActProvider(enclave, new() { Tools = [invoices, new ApprovalRequiredAIFunction(pay)] });
        AIAgent agent = model.AsBuilder().UseCodeApprovals().BuildAIAgent(new ChatClientAgentOptions { AIContextProviders = [provider] });
        AgentSession session = await agent.CreateSessionAsync();

        AgentResponse response = await agent.RunAsync("Pay the open invoices.", session);
        while (response.Messages.SelectMany((message) => message.Contents).OfType<ToolApprovalRequestContent>().ToArray() is { Length: > 0 } requests)
        {
            var answers = requests.Select((request) => request.CreateResponse(askUser((FunctionCallContent)request.ToolCall)));
            response = await agent.RunAsync(new ChatMessage(ChatRole.User, [.. answers]), session);
        }
        // end
        Assert.Equal(["acme"], paid);
        Assert.Equal("""{"value":["fulfilled","rejected"]}""", response.Text);
    }

    [Fact]
    public async Task Skills_run_their_scripts()
    {
        string folder = Directory.CreateTempSubdirectory("enclave-skills-").FullName;
        var model = new ScriptedModel((_) => new TextContent("No skills."));
        await using var enclave = new EnclaveHost();
        // sample
        using var skills = new AgentSkillsProvider(folder, enclave.AsSkillScriptRunner());
        AIAgent agent = model.AsAIAgent(new ChatClientAgentOptions { AIContextProviders = [skills] });
        // end
        Assert.Equal("No skills.", (await agent.RunAsync("Hello.", cancellationToken: Agents.Token)).Text);
        Directory.Delete(folder);
    }
}
