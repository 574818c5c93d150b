using Enclave.Extensions.AI;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Tests;

/// <summary>The contract of code-act providers, ADR 0024 of Agent Framework, and its samples with this provider in the place of theirs.</summary>
public sealed class CodeActContractTests : IAsyncLifetime
{
    private readonly EnclaveHost _enclave = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _enclave.DisposeAsync();

    [Fact]
    public async Task Step_1_an_interpreter_without_tools()
    {
        var model = new ScriptedModel(
            ScriptedModel.Runs("let a = 0, b = 1; for (let i = 0; i < 20; i++) [a, b] = [b, a + b]; return a"), ScriptedModel.SaysResult,
            ScriptedModel.Runs("const all = [1, 4, 9, 16, 25, 36]; return all.reduce((sum, one) => sum + one, 0) / all.length"));
        AIAgent agent = model.AsAIAgent(new ChatClientAgentOptions
        {
            ChatOptions = new() { Instructions = "You are a helpful assistant." },
            AIContextProviders = [new EnclaveCodeActProvider(_enclave)],
        });

        Assert.Equal("""{"value":6765}""", (await agent.RunAsync("What is the 20th Fibonacci number?", cancellationToken: Agents.Token)).Text);
        Assert.StartsWith("""{"value":15.16""", (await agent.RunAsync("Compute the mean.", cancellationToken: Agents.Token)).Text, StringComparison.Ordinal);
        (_, ChatOptions? options) = model.Requests[0];
        Assert.StartsWith("You are a helpful assistant.\n", options!.Instructions, StringComparison.Ordinal);
        Assert.Contains("run_code", options.Instructions, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_2_tools_of_the_provider_and_approval_of_the_whole_script()
    {
        var sent = new List<string>();
        AIFunction fetchDocs = AIFunctionFactory.Create((string topic) => $"Docs for {topic}: (...)", "fetch_docs", "Fetch documentation for a given topic.");
        AIFunction queryData = AIFunctionFactory.Create((string query) => $"Rows for `{query}`: []", "query_data", "Run a read-only query.");
        AIFunction sendEmail = new ApprovalRequiredAIFunction(AIFunctionFactory.Create(
            (string to, string subject) =>
            {
                sent.Add(to);
                return $"Sent '{subject}' to {to}.";
            },
            "send_email",
            "Send an email on behalf of the user."));
        var model = new ScriptedModel(ScriptedModel.Runs(
            """
            const docs = await callTool('fetch_docs', { topic: 'retries' });
            const rows = await callTool('query_data', { query: 'orders' });
            return [docs, rows, await callTool('send_email', { to: 'a@b', subject: 's' })];
            """));
        AIAgent agent = model.Plain(new EnclaveCodeActProvider(_enclave, new() { Tools = [fetchDocs, queryData, sendEmail] }));
        AgentSession session = await agent.CreateSessionAsync(Agents.Token);

        AgentResponse asked = await agent.RunAsync("Look up docs, and mail them.", session, cancellationToken: Agents.Token);
        ToolApprovalRequestContent request = Assert.Single(Agents.Requests(asked));
        Assert.Equal("run_code", ((FunctionCallContent)request.ToolCall).Name);
        Assert.Empty(sent);
        Assert.Contains("send_email", model.Requests[0].Options!.Tools!.Single().Description, StringComparison.Ordinal);
        AgentResponse done = await agent.RunAsync(Agents.Approve(asked), session, cancellationToken: Agents.Token);

        Assert.Contains("Sent 's' to a@b.", done.Text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(["a@b"], sent);
    }

    [Fact]
    public async Task Step_3_the_function_alone()
    {
        AIFunction multiply = AIFunctionFactory.Create((double a, double b) => a * b, "multiply", "Multiply two numbers.");
        var options = new EnclaveOptions();
        options.Tools.AddAIFunctions([multiply]);
        await using var enclave = new EnclaveHost(options);
        AIAgent agent = new ScriptedModel(ScriptedModel.Runs("return await callTool('multiply', { a: 12.3, b: 4.5 })"))
            .AsAIAgent(instructions: "Be brief.", tools: [enclave.AsAIFunction()]);

        Assert.Equal("""{"value":55.35}""", (await agent.RunAsync("What is 12.3 * 4.5?", cancellationToken: Agents.Token)).Text);
    }

    [Fact]
    public async Task Approval_follows_from_the_mode_and_from_the_providers_own_functions_alone()
    {
        AIFunction free = AIFunctionFactory.Create(() => 1, "free");
        AITool asked = Agents.Asked(AIFunctionFactory.Create(() => 1, "asked"));

        Assert.False(await AsksForScripts(_enclave.Provider(free), asked));
        Assert.True(await AsksForScripts(_enclave.Provider(free, asked)));
        Assert.True(await AsksForScripts(new EnclaveCodeActProvider(_enclave, new() { Approval = CodeApproval.Scripts })));

        static async Task<bool> AsksForScripts(EnclaveCodeActProvider provider, params AITool[] direct)
        {
            AIAgent agent = new ScriptedModel(ScriptedModel.Runs("return 1")).Plain(provider, direct);
            return Agents.Requests(await agent.RunAsync("Run.", cancellationToken: Agents.Token)).Length > 0;
        }
    }

    [Fact]
    public async Task A_change_of_the_functions_is_seen_by_later_invocations_only()
    {
        EnclaveCodeActProvider provider = _enclave.Provider(AIFunctionFactory.Create(() => 1, "one"));
        var model = new ScriptedModel(
            (messages) =>
            {
                provider.RemoveTools("one");
                provider.AddTools(AIFunctionFactory.Create(() => 2, "two"));
                return ScriptedModel.Runs("return await callTool('one')")(messages);
            },
            ScriptedModel.SaysResult,
            ScriptedModel.Runs("return await callTool('one')"), ScriptedModel.SaysResult,
            ScriptedModel.Runs("return await callTool('two')"));
        AIAgent agent = model.Plain(provider);

        Assert.Equal("""{"value":1}""", (await agent.RunAsync("Run.", cancellationToken: Agents.Token)).Text);
        Assert.Contains("There is no tool", (await agent.RunAsync("Run.", cancellationToken: Agents.Token)).Text, StringComparison.Ordinal);
        Assert.Equal("""{"value":2}""", (await agent.RunAsync("Run.", cancellationToken: Agents.Token)).Text);
        Assert.Equal(["two"], provider.GetTools().Select((tool) => tool.Name));
        provider.AddTools(AIFunctionFactory.Create(() => 3, "two"));
        Assert.Single(provider.GetTools());
        provider.ClearTools();
        Assert.Empty(provider.GetTools());
    }

    [Theory]
    [InlineData("globalThis.kept = 1; return typeof kept", "{\"value\":\"number\"}", "return typeof kept", "{\"value\":\"undefined\"}")]
    [InlineData("await callTool('fails')", "the tool fails failed", "return 1", "{\"value\":1}")]
    [InlineData("return nope", "nope", "return 1", "{\"value\":1}")]
    [InlineData("const all = []; for (;;) all.push(new Array(100000).fill(1))", "error", "return 1", "{\"value\":1}")]
    public async Task Failures_are_answers_and_each_script_begins_anew(string first, string firstAnswer, string second, string secondAnswer)
    {
        await using var enclave = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Permissive,
            Preset = Guard.GuardPreset.JavaScript,
            MemoryLimit = 32 << 20,
            Timeout = TimeSpan.FromSeconds(20),
        });
        AIFunction fails = AIFunctionFactory.Create(() => int.Parse("x", null), "fails");
        AIAgent agent = new ScriptedModel(ScriptedModel.Runs(first), ScriptedModel.SaysResult, ScriptedModel.Runs(second)).Plain(enclave.Provider(fails));

        Assert.Contains(firstAnswer, (await agent.RunAsync("Run.", cancellationToken: Agents.Token)).Text, StringComparison.Ordinal);
        Assert.Equal(secondAnswer, (await agent.RunAsync("Run.", cancellationToken: Agents.Token)).Text);
    }

    [Fact]
    public async Task Sixty_four_invocations_at_once_each_get_their_own_answer_and_their_own_tenants_tools()
    {
        var options = new EnclaveOptions { WorkerPool = new WorkerPoolOptions { MaxWorkers = 2, MaxQueueSize = 100 }, };
        await using var enclave = new EnclaveHost(options);
        var provider = new EnclaveCodeActProvider(enclave, new()
        {
            Tools = [AIFunctionFactory.Create(
                (AIFunctionArguments call) => ((ToolContext)call.Context![typeof(ToolContext)]!).Tenant, "tenant")],
            ForInvocation = (invocation, run) => run with { Tenant = invocation.Session!.StateBag.GetValue<string>("tenant") },
        });
        AIAgent agent = ScriptedModel.OfUser().Asking(provider);

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async (i) =>
        {
            AgentSession session = await agent.CreateSessionAsync(Agents.Token);
            session.StateBag.SetValue("tenant", $"t{i}");
            return (await agent.RunAsync($"return [{i}, await callTool('tenant')]", session, cancellationToken: Agents.Token)).Text;
        }));

        Assert.Equal(Enumerable.Range(0, 64).Select((i) => $$"""{"value":[{{i}},"t{{i}}"]}"""), answers);
    }

    [Fact]
    public async Task Sixty_four_conversations_wait_for_their_users_and_go_on()
    {
        var ledger = new Ledger();
        var options = new EnclaveOptions { WorkerPool = new WorkerPoolOptions { MaxWorkers = 2, MaxQueueSize = 100 }, };
        await using var enclave = new EnclaveHost(options);
        AIAgent agent = ScriptedModel.OfUser().Asking(enclave.Provider(ledger.Pay));

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async (i) =>
        {
            AgentSession session = await agent.CreateSessionAsync(Agents.Token);
            string script = $"return await callTool('pay', {{ to: 'p{i}', amount: {i} }})";
            AgentResponse asked = await agent.RunAsync(script, session, cancellationToken: Agents.Token);
            Assert.True(Agents.Requests(asked).Length == 1, asked.Text);
            return (await agent.RunAsync(Agents.Approve(asked), session, cancellationToken: Agents.Token)).Text;
        }));

        Assert.Equal(Enumerable.Range(0, 64).Select((i) => $$"""{"value":"paid {{i}} to p{{i}}"}"""), answers);
        Assert.Equal(64, ledger.Paid.Distinct().Count());
    }

    [Fact]
    public async Task Many_tools_are_an_index_with_the_functions_that_search_it()
    {
        AITool[] tools = [.. Enumerable.Range(0, 200).Select((i) => AIFunctionFactory.Create(() => i, $"tool_{i}", new string('x', 80)))];
        var model = new ScriptedModel(ScriptedModel.Runs("return await callTool('tool_7')"));
        AIAgent agent = model.Plain(_enclave.Provider(tools));

        Assert.Equal("""{"value":7}""", (await agent.RunAsync("Run.", cancellationToken: Agents.Token)).Text);
        Assert.Equal(["run_code", "search_tools", "describe_tools"], model.Requests[0].Options!.Tools!.Select((tool) => tool.Name));
    }

    [Fact]
    public void Wrong_options_are_refused_with_the_remedy()
    {
        Assert.Contains("ForInvocation", Refusal(new() { Function = new() { ForCall = (_, run) => run } }), StringComparison.Ordinal);
        Assert.Contains("MaxResultTokens", Refusal(new() { Function = new() { MaxResultTokens = 1 } }), StringComparison.Ordinal);
        Assert.Contains("YieldAfter", Refusal(new() { Function = new() { YieldAfter = TimeSpan.FromSeconds(1) } }), StringComparison.Ordinal);
        Assert.Contains("Approval", Refusal(new() { Approval = (CodeApproval)7 }), StringComparison.Ordinal);
        Assert.Contains("not an AIFunction", Refusal(new() { Tools = [new HostedWebSearchTool()] }), StringComparison.Ordinal);

        AIContextProvider[] two = [new EnclaveCodeActProvider(_enclave), new EnclaveCodeActProvider(_enclave)];
        Assert.ThrowsAny<InvalidOperationException>(() => new ScriptedModel().AsAIAgent(new ChatClientAgentOptions { AIContextProviders = two }));

        string Refusal(EnclaveCodeActOptions options) => Assert.Throws<ArgumentException>(() => new EnclaveCodeActProvider(_enclave, options)).Message;
    }
}
