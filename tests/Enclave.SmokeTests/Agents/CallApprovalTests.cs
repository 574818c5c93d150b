using System.Text.Json;
using Enclave.Extensions.AI;
using Enclave.Tests;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Tests;

/// <summary>Calls of scripts that the user of an agent approves.</summary>
public sealed class CallApprovalTests : IAsyncLifetime
{
    private const string PayAnn = "const rate = await callTool('rate', { to: 'ann' }); return await callTool('pay', { to: 'ann', amount: rate * 10 })";

    private readonly Ledger _ledger = new();
    private readonly EnclaveHost _enclave = new();

    private EnclaveCodeActProvider Provider => _enclave.Provider(_ledger.Pay, Ledger.Rate);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _enclave.DisposeAsync();

    [Fact]
    public async Task A_call_waits_for_the_user_and_the_model_sees_one_call_with_the_result()
    {
        var model = new ScriptedModel(ScriptedModel.Runs(PayAnn));
        AIAgent agent = model.Asking(Provider);
        AgentSession session = await agent.CreateSessionAsync(Agents.Token);

        AgentResponse asked = await agent.RunAsync("Pay Ann.", session, cancellationToken: Agents.Token);

        ToolApprovalRequestContent request = Assert.Single(Agents.Requests(asked));
        FunctionCallContent call = Assert.IsType<FunctionCallContent>(request.ToolCall);
        Assert.Equal("pay", call.Name);
        Assert.Equal("""{"to":"ann","amount":30}""", JsonSerializer.Serialize(call.Arguments));
        Assert.Empty(_ledger.Paid);
        Assert.Single(model.Requests);

        AgentResponse done = await agent.RunAsync(Agents.Approve(asked), session, cancellationToken: Agents.Token);

        Assert.Equal("""{"value":"paid 30 to ann"}""", done.Text);
        Assert.Equal(["ann:30"], _ledger.Paid);
        (ChatMessage[] messages, ChatOptions? options) = model.Requests[^1];
        Assert.Equal(["run_code"], messages.SelectMany((message) => message.Contents).OfType<FunctionCallContent>().Select((one) => one.Name));
        Assert.Single(messages.SelectMany((message) => message.Contents).OfType<FunctionResultContent>());
        Assert.Equal(["run_code"], options!.Tools!.Select((tool) => tool.Name));
    }

    [Fact]
    public async Task A_denial_and_its_reason_reach_the_script_and_it_goes_on()
    {
        var model = new ScriptedModel(ScriptedModel.Runs(
            "try { return await callTool('pay', { to: 'ann', amount: 5 }) } catch (error) { return `${error.code}: ${error.message}` }"));
        AIAgent agent = model.Asking(Provider);
        AgentSession session = await agent.CreateSessionAsync(Agents.Token);
        AgentResponse asked = await agent.RunAsync("Pay Ann.", session, cancellationToken: Agents.Token);

        ChatMessage no = Agents.Answers(Assert.Single(Agents.Requests(asked)).CreateResponse(approved: false, "too much"));
        AgentResponse done = await agent.RunAsync(no, session, cancellationToken: Agents.Token);

        Assert.Contains("TOOL_APPROVAL_DENIED: ", done.Text, StringComparison.Ordinal);
        Assert.Contains("too much", done.Text, StringComparison.Ordinal);
        Assert.Empty(_ledger.Paid);
    }

    [Fact]
    public async Task Ten_turns_with_approvals_denials_parallel_calls_and_a_stored_session()
    {
        ScriptedModel model = ScriptedModel.OfUser();
        AIAgent agent = model.Asking(Provider);
        AgentSession session = await agent.CreateSessionAsync(Agents.Token);
        var answers = new List<string>();
        for (int turn = 0; turn < 10; turn++)
        {
            string script = turn % 3 == 0
                ? $"return (await Promise.allSettled(['a', 'b'].map((to) => callTool('pay', {{ to, amount: {turn} }})))).map((one) => one.status)"
                : $"const first = await callTool('pay', {{ to: 'a', amount: {turn} }}); return [first, await callTool('rate', {{ to: 'four' }})]";
            AgentResponse response = await agent.RunAsync(script, session, cancellationToken: Agents.Token);
            ToolApprovalRequestContent[] requests = Agents.Requests(response);
            Assert.Equal(turn % 3 == 0 ? 2 : 1, requests.Length);
            // The application stores its sessions, and goes on with another object.
            JsonElement stored = await agent.SerializeSessionAsync(session, cancellationToken: Agents.Token);
            session = await agent.DeserializeSessionAsync(JsonElement.Parse(stored.GetRawText()), cancellationToken: Agents.Token);
            ChatMessage decisions = Agents.Answers([.. requests.Select((request, i) => request.CreateResponse(approved: i == 0))]);
            answers.Add((await agent.RunAsync(decisions, session, cancellationToken: Agents.Token)).Text);
        }

        Assert.All(answers, (answer, turn) => Assert.Equal(
            turn % 3 == 0 ? """{"value":["fulfilled","rejected"]}""" : $$"""{"value":["paid {{turn}} to a",4]}""", answer));
        Assert.Equal(Enumerable.Range(0, 10).Select((turn) => $"a:{turn}"), _ledger.Paid);
        Assert.Equal(20, model.Requests.Count);
        Assert.All(model.Requests, (request) => Assert.DoesNotContain(
            request.Messages.SelectMany((message) => message.Contents), (content) => content is FunctionCallContent { Name: not "run_code" }));
    }

    [Fact]
    public async Task One_script_can_ask_several_times_and_a_stream_has_the_requests()
    {
        var model = new ScriptedModel(ScriptedModel.Runs(
            "const sum = []; for (const to of ['a', 'b', 'c']) sum.push(await callTool('pay', { to, amount: 1 })); return sum.length"));
        AIAgent agent = model.Asking(Provider);
        AgentSession session = await agent.CreateSessionAsync(Agents.Token);

        AgentResponse response = await agent.RunStreamingAsync("Pay all.", session, cancellationToken: Agents.Token).ToAgentResponseAsync(Agents.Token);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(i, _ledger.Paid.Length);
            response = await agent.RunStreamingAsync(Agents.Approve(response), session, cancellationToken: Agents.Token).ToAgentResponseAsync(Agents.Token);
        }

        Assert.Equal("""{"value":3}""", response.Text);
        Assert.Equal(["a:1", "b:1", "c:1"], _ledger.Paid);
        Assert.Equal(2, model.Requests.Count);
    }

    [Fact]
    public async Task Another_process_with_the_same_store_goes_on()
    {
        string folder = Directory.CreateTempSubdirectory("enclave-agents-").FullName;
        JsonElement stored;
        ToolApprovalRequestContent request;
        await using (EnclaveHost first = Durable(folder))
        {
            AIAgent agent = new ScriptedModel(ScriptedModel.Runs(PayAnn)).Asking(first.Provider(_ledger.Pay, Ledger.Rate));
            AgentSession session = await agent.CreateSessionAsync(Agents.Token);
            request = Assert.Single(Agents.Requests(await agent.RunAsync("Pay Ann.", session, cancellationToken: Agents.Token)));
            stored = await agent.SerializeSessionAsync(session, cancellationToken: Agents.Token);
        }

        await using EnclaveHost second = Durable(folder);
        AIAgent later = new ScriptedModel().Asking(second.Provider(_ledger.Pay, Ledger.Rate));
        AgentSession again = await later.DeserializeSessionAsync(JsonElement.Parse(stored.GetRawText()), cancellationToken: Agents.Token);
        AgentResponse done = await later.RunAsync(Agents.Answers(request.CreateResponse(approved: true)), again, cancellationToken: Agents.Token);

        Assert.Equal("""{"value":"paid 30 to ann"}""", done.Text);
        Assert.Equal(["ann:30"], _ledger.Paid);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_approves_nothing()
    {
        var model = new ScriptedModel(ScriptedModel.Runs(PayAnn));
        AIAgent agent = model.Asking(Provider);
        AgentSession session = await agent.CreateSessionAsync(Agents.Token);
        AgentResponse asked = await agent.RunAsync("Pay Ann.", session, cancellationToken: Agents.Token);
        ToolApprovalRequestContent request = Assert.Single(Agents.Requests(asked));
        var other = new FunctionCallContent(request.ToolCall.CallId, "pay", new Dictionary<string, object?> { ["to"] = "eve", ["amount"] = 9_999 });

        // Another session, whose user saw no request; and other arguments than those that were shown.
        AgentSession strange = await agent.CreateSessionAsync(Agents.Token);
        await agent.RunAsync(Agents.Answers(request.CreateResponse(approved: true)), strange, cancellationToken: Agents.Token);
        Assert.Empty(_ledger.Paid);
        await agent.RunAsync(Agents.Answers(new ToolApprovalResponseContent(request.RequestId, true, other)), session, cancellationToken: Agents.Token);

        Assert.Equal(["ann:30"], _ledger.Paid);
    }

    [Fact]
    public async Task A_cancelled_invocation_ends_its_run()
    {
        using var entered = new SemaphoreSlim(0);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(Agents.Token);
        CancellationToken seen = default;
        AIFunction wait = AIFunctionFactory.Create(
            async (CancellationToken token) =>
            {
                seen = token;
                entered.Release();
                await Task.Delay(Timeout.Infinite, token);
            },
            "wait");
        AIAgent agent = new ScriptedModel(ScriptedModel.Runs("await callTool('wait'); return 1")).Asking(_enclave.Provider(_ledger.Pay, wait));

        Task<AgentResponse> running = agent.RunAsync("Wait.", cancellationToken: time.Token);
        await Within.Deadline(entered.WaitAsync(Agents.Token), "call of the script");
        await time.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Within.Becomes(() => seen.IsCancellationRequested, "the call of the cancelled run is cancelled");
        Assert.DoesNotContain(await _enclave.Runs.ListAsync(cancellationToken: Agents.Token), (run) => run.State != DurableRunState.Ended);
    }

    [Fact]
    public async Task A_service_that_keeps_the_conversation_gets_each_result_once()
    {
        var model = new ScriptedModel(ScriptedModel.Runs(PayAnn)) { ConversationId = "conversation-1" };
        AIAgent agent = model.Asking(Provider);
        AgentSession session = await agent.CreateSessionAsync(Agents.Token);
        AgentResponse asked = await agent.RunAsync("Pay Ann.", session, cancellationToken: Agents.Token);

        AgentResponse done = await agent.RunAsync(
            [Agents.Approve(asked), new ChatMessage(ChatRole.User, "And hurry.")], session, cancellationToken: Agents.Token);

        Assert.Equal("""{"value":"paid 30 to ann"}""", done.Text);
        ChatMessage[] sent = model.Requests[^1].Messages;
        FunctionResultContent result = Assert.Single(sent.SelectMany((message) => message.Contents).OfType<FunctionResultContent>());
        Assert.StartsWith("call-", result.CallId, StringComparison.Ordinal);
        Assert.Contains(sent, (message) => message.Text == "And hurry.");
        Assert.DoesNotContain(sent.SelectMany((message) => message.Contents), (content) => content is FunctionCallContent);
    }

    [Fact]
    public async Task The_hosts_own_tools_ask_the_same_user()
    {
        var options = new EnclaveOptions { OnToolApproval = (_) => new(ToolApproval.Later) };
        options.Tools.AddAIFunctions([_ledger.Pay], prefix: "bank");
        await using var enclave = new EnclaveHost(options);
        AIAgent agent = new ScriptedModel(ScriptedModel.Runs("return await callTool('bank:pay', { to: 'ann', amount: 2 })")).Asking(enclave.Provider());
        AgentSession session = await agent.CreateSessionAsync(Agents.Token);

        AgentResponse asked = await agent.RunAsync("Pay Ann.", session, cancellationToken: Agents.Token);
        Assert.Equal("bank:pay", ((FunctionCallContent)Assert.Single(Agents.Requests(asked)).ToolCall).Name);
        AgentResponse done = await agent.RunAsync(Agents.Approve(asked), session, cancellationToken: Agents.Token);

        Assert.Equal("""{"value":"paid 2 to ann"}""", done.Text);
    }

    [Fact]
    public async Task A_function_that_the_model_calls_itself_is_not_called_in_the_scripts_place()
    {
        int direct = 0;
        AIFunction same = AIFunctionFactory.Create((string to, int amount) => ++direct, "pay");
        AIAgent agent = new ScriptedModel(ScriptedModel.Runs(PayAnn)).Asking(Provider, same);
        AgentSession session = await agent.CreateSessionAsync(Agents.Token);
        AgentResponse asked = await agent.RunAsync("Pay Ann.", session, cancellationToken: Agents.Token);

        Assert.Equal("pay_in_script", ((FunctionCallContent)Assert.Single(Agents.Requests(asked)).ToolCall).Name);
        AgentResponse done = await agent.RunAsync(Agents.Approve(asked), session, cancellationToken: Agents.Token);

        Assert.Equal("""{"value":"paid 30 to ann"}""", done.Text);
        Assert.Equal(0, direct);
    }

    [Fact]
    public async Task A_script_that_waits_for_something_else_is_an_answer()
    {
        AIAgent agent = new ScriptedModel(ScriptedModel.Runs("await sleep('3d'); return 1")).Asking(Provider);

        AgentResponse response = await agent.RunAsync("Wait.", cancellationToken: Agents.Token);

        Assert.Contains("waits included", response.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(await _enclave.Runs.ListAsync(cancellationToken: Agents.Token), (run) => run.State != DurableRunState.Ended);
    }

    [Fact]
    public void Function_invocation_behind_it_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => new ScriptedModel().AsBuilder().UseCodeApprovals().UseFunctionInvocation().Build());

    private static EnclaveHost Durable(string folder) =>
        new(new EnclaveOptions { Durable = new DurableOptions { Store = RunStore.InFolder(folder), Keys = [new byte[32]] } });
}
