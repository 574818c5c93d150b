using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Approvals;

/// <summary>
/// Stands between the framework, which calls functions and asks users, and the model. Where a script waits for its user, it answers in the model's place with
/// a call that the framework has approved; when all calls are decided, with a call that gives the script's result.
/// </summary>
internal sealed class CodeApprovalClient : DelegatingChatClient
{
    /// <exception cref="InvalidOperationException">Function invocation stands behind this client.</exception>
    public CodeApprovalClient(IChatClient inner) : base(inner)
    {
        if (inner.GetService<FunctionInvokingChatClient>() is not null) throw new InvalidOperationException(
            "UseCodeApprovals stands in front of UseFunctionInvocation, which would call functions without asking: call UseFunctionInvocation first.");
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (Next(ref messages, ref options) is not { } own) return await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        return new ChatResponse(own)
        {
            ConversationId = options?.ConversationId,
            FinishReason = ChatFinishReason.ToolCalls,
            ResponseId = own.MessageId,
        };
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Next(ref messages, ref options) is { } own)
        {
            yield return new ChatResponseUpdate(own.Role, own.Contents)
            {
                ConversationId = options?.ConversationId,
                FinishReason = ChatFinishReason.ToolCalls,
                ResponseId = own.MessageId,
                MessageId = own.MessageId,
            };
            yield break;
        }

        await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    /// <summary>The answer in the model's place; null if the model is asked, with these messages and options.</summary>
    private static ChatMessage? Next(ref IEnumerable<ChatMessage> messages, ref ChatOptions? options)
    {
        CodeTurn? turn = options?.Tools?.Select((tool) => tool.GetService<CodeTurn>()).FirstOrDefault((found) => found is not null);
        messages = CodeMessages.ForModel(messages);
        if (turn is null) return null;
        IReadOnlyList<AIContent> calls = turn.NextCalls();
        if (calls.Count > 0)
        {
            if (options!.ConversationId is not null) turn.Hold(messages);
            return new ChatMessage(ChatRole.Assistant, [.. calls]) { MessageId = $"enclave-{Guid.NewGuid():N}" };
        }

        if (turn.TakeHeld() is { Count: > 0 } held) messages = [.. held, .. messages];
        options = options!.Clone();
        options.Tools = [.. options.Tools!.Where((tool) => tool.GetService<HiddenFunction>() is null)];
        return null;
    }
}
