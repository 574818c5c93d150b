using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>The sample of docs/code-mode.md: values that scripts of one conversation keep.</summary>
public sealed class ConversationSample
{
    [Fact]
    public async Task A_script_loads_what_an_earlier_one_of_the_conversation_stored()
    {
        const string user = "ada";
        await using var enclave = new EnclaveHost(new EnclaveOptions { AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() });
        CancellationToken token = TestContext.Current.CancellationToken;
        // sample
        AIFunction run = enclave.AsAIFunction(new CodeFunctionOptions { Run = new RunOptions { Tenant = user, Conversation = "chat-17" } });
        await run.InvokeAsync(new() { ["code"] = "await store('orders', [3, 1, 2]); return 'kept'" }, token);
        object? last = await run.InvokeAsync(new() { ["code"] = "return (await load('orders')).at(-1)" }, token);
        await enclave.Runs.DeleteConversationAsync("chat-17", user, token);
        // end

        Assert.Equal("""{"value":2}""", last?.ToString());
        object? forgotten = await run.InvokeAsync(new() { ["code"] = "return await load('orders') === undefined" }, token);
        Assert.Equal("""{"value":true}""", forgotten?.ToString());
    }
}
