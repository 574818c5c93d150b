using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Tests;

// sample
/// <summary>Runs one script, and says what came of it.</summary>
internal sealed class FixedModel(string code) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(Say(messages));

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Say(messages).ToChatResponseUpdates().ToAsyncEnumerable();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private ChatResponse Say(IEnumerable<ChatMessage> messages)
    {
        FunctionResultContent? result = messages.SelectMany((message) => message.Contents).OfType<FunctionResultContent>().LastOrDefault();
        AIContent said = result is not null
            ? new TextContent($"{result.Result}")
            : new FunctionCallContent("call-1", "run_code", new Dictionary<string, object?> { ["code"] = code });
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [said]));
    }
}
// end
