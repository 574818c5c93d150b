using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Approvals;

/// <summary>
/// Converts the messages of a conversation whose scripts waited for its user. The model sees one call of <c>run_code</c> with the script's result, and not the
/// questions in between, which are the framework's and the user's.
/// </summary>
internal static class CodeMessages
{
    private const string Approval = "enclave-approval-", Result = "enclave-result-";

    public static string NewApprovalId() => $"{Approval}{Guid.NewGuid():N}";

    /// <summary>
    /// The id of a call that gives the result of a call of <c>run_code</c>. It contains the id of the <c>run_code</c> call, because the turn's messages may
    /// lack that call.
    /// </summary>
    public static string NewResultId(string call) => $"{Result}{Guid.NewGuid():N}-{call}";

    /// <summary>The messages for the model.</summary>
    public static IReadOnlyList<ChatMessage> ForModel(IEnumerable<ChatMessage> messages)
    {
        ChatMessage[] all = [.. messages];
        Dictionary<string, FunctionResultContent>? results = null;
        foreach (FunctionResultContent result in all.SelectMany((message) => message.Contents).OfType<FunctionResultContent>())
        {
            if (CallOf(result.CallId) is { } call) (results ??= new(StringComparer.Ordinal))[call] = result;
        }

        if (results is null && !all.Any((message) => message.Contents.Any(IsOwn))) return all;
        results ??= [];
        // A service that keeps the conversation has had the call, and gets its result now.
        HashSet<string> missing = [.. results.Keys];
        missing.ExceptWith(all.SelectMany((message) => message.Contents).OfType<FunctionResultContent>().Select((result) => result.CallId));
        return [.. all.Select((message) => Changed(message, (content) => Shown(content, results, missing))).OfType<ChatMessage>()];
    }

    /// <summary>The messages without the answers to these calls.</summary>
    public static IEnumerable<ChatMessage> Without(IEnumerable<ChatMessage> messages, HashSet<string> calls) => messages
        .Select((message) => Changed(message, (content) => content is FunctionResultContent result && calls.Contains(result.CallId) ? null : content))
        .OfType<ChatMessage>();

    private static AIContent? Shown(AIContent content, Dictionary<string, FunctionResultContent> results, HashSet<string> missing)
    {
        if (content is not FunctionResultContent result) return IsOwn(content) ? null : content;
        if (results.TryGetValue(result.CallId, out FunctionResultContent? last)) return new FunctionResultContent(result.CallId, last.Result);
        if (!IsOwn(result)) return content;
        return CallOf(result.CallId) is { } call && missing.Contains(call) && results[call] == result ? new FunctionResultContent(call, result.Result) : null;
    }

    private static bool IsOwn(AIContent content) => content switch
    {
        FunctionCallContent call => IsOwn(call.CallId),
        FunctionResultContent result => IsOwn(result.CallId),
        _ => false,
    };

    private static bool IsOwn(string id) => id.StartsWith(Approval, StringComparison.Ordinal) || id.StartsWith(Result, StringComparison.Ordinal);

    private static string? CallOf(string id) => id.StartsWith(Result, StringComparison.Ordinal) ? id[(Result.Length + 33)..] : null;

    /// <summary>The message with its remaining contents; null if no content remains.</summary>
    private static ChatMessage? Changed(ChatMessage message, Func<AIContent, AIContent?> change)
    {
        AIContent[] contents = [.. message.Contents.Select(change).OfType<AIContent>()];
        if (contents.SequenceEqual(message.Contents)) return message;
        if (contents.Length == 0) return null;
        ChatMessage changed = message.Clone();
        changed.Contents = [.. contents];
        return changed;
    }
}
