using System.Text.Json;
using Enclave.Journals;
using Enclave.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Servers;

/// <summary>
/// Runs the scripts of clients without a session. A script that needs approvals is suspended, and the client is asked for input. Its next request brings the
/// answers, at any process with the same store and keys.
/// </summary>
/// <param name="runs">The durable runs.</param>
/// <param name="owner">Whose requests they are; an empty text for anonymous clients.</param>
/// <param name="timeout">How long a question waits.</param>
internal sealed class ServedQuestions(DurableRuns runs, string owner, TimeSpan timeout)
{
    /// <summary>Questions in one answer. Further ones follow in the next.</summary>
    private const int MaxQuestions = 32;

    /// <summary>When the questions of this request are over.</summary>
    public DateTimeOffset Until => runs.Host.Now + timeout;

    /// <summary>True if a client declares that it can ask a person to fill in a form.</summary>
    public static bool CanAsk(ClientCapabilities? client) => client?.Elicitation is { } asks && (asks.Form is not null || asks.Url is null);

    /// <summary>Runs a script, or continues it if the request has the answers to its questions.</summary>
    /// <exception cref="InputRequiredException">The script waits for approvals.</exception>
    /// <exception cref="McpProtocolException">The state of the request is refused.</exception>
    /// <exception cref="JournalException">The run cannot be kept.</exception>
    public async Task<ExecutionResult> RunAsync(CallToolRequestParams request, string given, string code, RunOptions run, CancellationToken token)
    {
        byte[] hash = QuestionHandle.HashOf(given);
        DurableRun left = request.RequestState is { } state
            ? await GoOnAsync(state, request.InputResponses, hash, run, token).ConfigureAwait(false)
            : await runs.AskAsync(code, run, token).ConfigureAwait(false);
        if (left.Result is { } result) return result;
        throw await QuestionsAsync(left, hash, token).ConfigureAwait(false);
    }

    private async Task<DurableRun> GoOnAsync(
        string state, IDictionary<string, InputResponse>? responses, byte[] hash, RunOptions run, CancellationToken token)
    {
        QuestionHandle handle = QuestionHandle.Open(state, runs.Host, CallerOf(run.Tenant), hash) ?? throw Refused(
            "this requestState was not made for this caller and this request, or its time is over: call run_code again without it");
        var key = new RunKey(run.Tenant, handle.Run);
        Dictionary<string, object?> answers = handle.Calls.Where((call) => responses?.ContainsKey(call) == true)
            .ToDictionary((call) => call, (call) => IsAllowed(responses![call]) ? true : (object?)ApprovalQuestion.Declined);
        try
        {
            if (answers.Count > 0) return await runs.AnswerAsync(key, answers, run, token).ConfigureAwait(false);
            // The request has no answers: ask the same questions again.
            DurableRun? waits = await runs.FindAsync(key.Name, key.Tenant, token).ConfigureAwait(false);
            return waits is { State: DurableRunState.Suspended } ? waits : throw new JournalException(JournalFault.NotFound, "the run has ended");
        }
        catch (JournalException fault) when (fault.Fault is JournalFault.NotFound or JournalFault.Answered or JournalFault.Busy)
        {
            throw Refused("this requestState was answered already, or its run has ended");
        }
    }

    private async Task<InputRequiredException> QuestionsAsync(DurableRun run, byte[] hash, CancellationToken token)
    {
        DurableWait[] waits = [.. run.Waits.Where((wait) => wait.Kind == WaitKind.Approval).Take(MaxQuestions)];
        if (waits.Length == 0) throw new JournalException(JournalFault.Busy, "the script goes on in another request");
        Dictionary<string, ToolCallEvent> calls = (await runs.HistoryAsync(run.Name, run.Tenant, token).ConfigureAwait(false)).OfType<ToolCallEvent>()
            .ToDictionary((call) => call.CallId);
        // ShownArguments is not null here: a call with arguments that cannot be shown does not wait.
        Dictionary<string, InputRequest> questions = waits.ToDictionary((wait) => wait.CallId, (wait) => InputRequest.ForElicitation(
            ApprovalQuestion.Of(wait.Name, ShownArguments.Of(calls[wait.CallId].Args)!)));
        long until = (waits.Min((wait) => wait.Until) ?? Until).ToUnixTimeMilliseconds();
        var handle = new QuestionHandle(run.Name, until, hash, [.. questions.Keys]);
        return new InputRequiredException(questions, handle.Seal(runs.Host, CallerOf(run.Tenant)));
    }

    private RunKey CallerOf(string? tenant) => new(tenant, owner);

    private static bool IsAllowed(InputResponse response)
    {
        try
        {
            return ApprovalQuestion.IsAllowed(response.Deserialize(InputResponse.ElicitResultJsonTypeInfo));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static McpProtocolException Refused(string why) => new(why, McpErrorCode.InvalidParams);
}
