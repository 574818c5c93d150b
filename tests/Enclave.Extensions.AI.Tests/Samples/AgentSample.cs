using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>The sample of docs/code-mode.md: an agent over any chat client.</summary>
public sealed class AgentSample
{
    [Fact]
    public async Task An_agent_answers_with_one_script()
    {
        var model = new ScriptedModel(
            "const orders = await callTool('orders:list', { limit: 3 }); return orders.total()",
            "const orders = await callTool('orders:list', { limit: 3 }); return orders.reduce((sum, order) => sum + order.total, 0)");
        CancellationToken token = TestContext.Current.CancellationToken;
        // sample
        var options = new EnclaveOptions();
        options.Tools.AddAIFunctions([AIFunctionFactory.Create(Orders.List, "list", "Lists orders, newest first.")], prefix: "orders");
        await using var enclave = new EnclaveHost(options);
        using IChatClient agent = model.AsBuilder().UseFunctionInvocation(configure: (invoking) => invoking.MaximumIterationsPerRequest = 10).Build();

        ChatResponse answer = await agent.GetResponseAsync(
            "What do the last three orders add up to?", new ChatOptions { Tools = [enclave.AsAIFunction()] }, token);
        // end

        Assert.Equal("63", answer.Text);
        Assert.Equal(3, model.Asked);
    }

    private static class Orders
    {
        public static Order[] List(int limit) => [.. Enumerable.Range(1, limit).Select((id) => new Order(id, 10.5 * id))];
    }

    private sealed record Order(int Id, double Total);

    /// <summary>A model that writes these scripts, one after another while they fail, and then says what the last one gave.</summary>
    private sealed class ScriptedModel(params string[] scripts) : IChatClient
    {
        public int Asked { get; private set; }

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            AIFunction code = Assert.IsAssignableFrom<AIFunction>(Assert.Single(options!.Tools!));
            Assert.Contains("orders:list", code.Description, StringComparison.Ordinal);
            string? last = messages.Last().Contents.OfType<FunctionResultContent>().SingleOrDefault()?.Result?.ToString();
            if (Asked == 1) Assert.Contains("total is not a function", last, StringComparison.Ordinal);
            AIContent said = Asked < scripts.Length

                ? new FunctionCallContent($"call{Asked}", code.Name, new Dictionary<string, object?> { ["code"] = scripts[Asked] })
                : new TextContent(last!["{\"value\":".Length..^1]);
            Asked++;
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [said])));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
