using Microsoft.Extensions.AI;

namespace Enclave.Samples;

/// <summary>Stands for a language model: writes one script, and then says what came of it.</summary>
internal sealed class ScriptedModel : IChatClient
{
    private const string Script =
        """
        const all = await callTool('invoices');
        const answers = await Promise.allSettled(all.map((one) => callTool('pay', { to: one.from, amount: one.amount })));
        return answers.map((answer, i) => answer.status === 'fulfilled' ? answer.value : `${all[i].from} is open: ${answer.reason.message}`);
        """;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        FunctionResultContent? result = messages.Last().Contents.OfType<FunctionResultContent>().SingleOrDefault();
        AIContent said = result is null
            ? new FunctionCallContent("call-1", "run_code", new Dictionary<string, object?> { ["code"] = Script })
            : new TextContent($"{result.Result}");
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [said])));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("the sample does not stream");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
