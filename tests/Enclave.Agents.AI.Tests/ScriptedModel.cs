using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Tests;

/// <summary>A model that answers each request by the next of these functions, or else says the last result of a function. It keeps what it was sent.</summary>
internal sealed class ScriptedModel(params Func<IReadOnlyList<ChatMessage>, AIContent>[] turns) : IChatClient
{
    private int _turn;

    /// <summary>The requests, in order.</summary>
    public List<(ChatMessage[] Messages, ChatOptions? Options)> Requests { get; } = [];

    /// <summary>The id of the conversation that the service keeps; null if it keeps none.</summary>
    public string? ConversationId { get; init; }

    /// <summary>A turn in which the model runs this script.</summary>
    public static Func<IReadOnlyList<ChatMessage>, AIContent> Runs(string code) =>
        (_) => new FunctionCallContent($"call-{Guid.NewGuid():N}", "run_code", new Dictionary<string, object?> { ["code"] = code });

    /// <summary>A turn in which it says the last result of a function.</summary>
    public static Func<IReadOnlyList<ChatMessage>, AIContent> SaysResult { get; } = (messages) => new TextContent(ResultIn(messages));

    /// <summary>A model that always runs the script which the user wrote, and then says the result.</summary>
    public static ScriptedModel OfUser() => new() { Free = true };

    private bool Free { get; init; }

    public static string ResultIn(IReadOnlyList<ChatMessage> messages) =>
        Text(messages.SelectMany((message) => message.Contents).OfType<FunctionResultContent>().LastOrDefault()?.Result);

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        ChatMessage[] all = [.. messages];
        int turn;
        lock (Requests)
        {
            Requests.Add((all, options));
            turn = _turn++;
        }

        AIContent said = Free ? Answer(all) : (turn < turns.Length ? turns[turn] : SaysResult)(all);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [said])) { ConversationId = ConversationId };
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

    private static AIContent Answer(ChatMessage[] messages)
    {
        ChatMessage last = messages[^1];
        return last.Role == ChatRole.User ? Runs(last.Text)(messages) : SaysResult(messages);
    }

    private static string Text(object? result) => result is JsonElement { ValueKind: JsonValueKind.String } text ? text.GetString()! : $"{result}";
}
