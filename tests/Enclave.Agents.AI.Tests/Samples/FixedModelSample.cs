using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Tests;

// sample
/// <summary>Runs one script, and says what came of it.</summary>
internal sealed class FixedModel(string code) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        FunctionResultContent? result = messages.SelectMany((message) => message.Contents).OfType<FunctionResultContent>().LastOrDefault();
        AIContent said = result is not null
            ? new TextContent($"{result.Result}")
            : new FunctionCallContent("call-1", "run_code", new Dictionary<string, object?> { ["code"] = code });
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [said])));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
// end
