using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Mcp.Hosts;
using Enclave.Models;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.Servers;

/// <summary>Answers calls of the tools.</summary>
internal sealed class ServedCalls(ICodeHost host, CodeServerOptions options)
{
    private const int MaxTokenCharacters = 256;

    // A client without a session comes to another process with its next request.
    private readonly CodeRuns? _runs =
        options.AnswersFrom is null ? CodeRuns.Of(options.YieldAfter, options.MaxResultTokens, (host as LocalCodeHost)?.Clock) : null;

    private readonly (string? Tenant, string? Conversation) _owner = (options.Run?.Tenant, options.Run?.Conversation);

    /// <exception cref="McpProtocolException">There is no such tool or argument, or an argument is invalid.</exception>
    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken token) => request.Params.Name switch
    {
        ServedTools.Run => ServedContent.Of(await RunAsync(request, Text(request.Params, "code"), token).ConfigureAwait(false)),
        CodeRuns.Wait when _runs is { } runs =>
            ServedContent.Of(await runs.WaitAsync(_owner, (name) => Argument(request.Params, name), token).ConfigureAwait(false)),
        ServedTools.Search => ServedContent.Of(await FoundAsync(Text(request.Params, "query"), Limit(request.Params), token).ConfigureAwait(false)),
        ServedTools.Describe => new CallToolResult
        {
            Content =
            [
                new TextContentBlock { Text = await host.DescribeToolsAsync(Names(request.Params), options.Run, token).ConfigureAwait(false) },
            ],
        },
        var other => throw new McpProtocolException(
            $"There is no tool '{other}': scripts call all others, through {ServedTools.Run}", McpErrorCode.InvalidParams),
    };

    private async Task<CodeReply> RunAsync(RequestContext<CallToolRequestParams> request, string code, CancellationToken token)
    {
        var script = CodeArgument.Read(code, token);
        if (!script.Success) return CodeAnswer.Of(script.Error, options.MaxResultTokens);
        RunOptions run = script.ApplyTo(options.Run ?? new RunOptions());
        ServedQuestions? questions = QuestionsOf(request, run);
        var session = new ServedClient(request.Server, Progress(request.Params), options) { LaterUntil = questions?.Until };
        run = run with { Context = session };
        var limits = new AnswerLimits(options.MaxResultTokens, options.MaxContentBytes, run.Conversation is not null);
        if (questions is not null) return await AskAsync(questions, request.Params, code, script.Source, run, limits, token).ConfigureAwait(false);
        if (_runs is null) return CodeAnswer.Of(await host.RunAsync(script.Source, run, session, token).ConfigureAwait(false), limits);
        var observer = new YieldingObserver(session);
        try
        {
            return await _runs.RunAsync(_owner, (print, ended) => host.RunAsync(script.Source, run, observer.To(print), ended), limits, token)
                .ConfigureAwait(false);
        }
        finally
        {
            observer.Close();
        }
    }

    private static async Task<CodeReply> AskAsync(
        ServedQuestions questions, CallToolRequestParams request, string given, string code, RunOptions run, AnswerLimits limits, CancellationToken token)
    {
        try
        {
            return CodeAnswer.Of(await questions.RunAsync(request, given, code, run, token).ConfigureAwait(false), limits);
        }
        catch (JournalException fault)
        {
            return CodeAnswer.Failure($"The script did not run, because the server cannot keep what it would ask: {fault.Message}", limits.Tokens);
        }
    }

    /// <summary>The questions for a client without a session that can ask its user; null for other clients, and for scripts without questions.</summary>
    private ServedQuestions? QuestionsOf(RequestContext<CallToolRequestParams> request, RunOptions run)
    {
        if (options.AnswersFrom is not { } owner) return null;
        bool isAnswer = request.Params.RequestState is not null;
        DurableRuns? runs = isAnswer || ServedQuestions.CanAsk(request.JsonRpcRequest.Context?.ClientCapabilities)
            ? (host as LocalCodeHost)?.QuestionsOf(run)
            : null;
        if (runs is null && isAnswer)
            throw new McpProtocolException("there is no question to answer here: call without requestState", McpErrorCode.InvalidParams);
        return runs is null ? null : new ServedQuestions(runs, owner, options.ApprovalTimeout);
    }

    private static JsonElement? Argument(CallToolRequestParams call, string name) =>
        call.Arguments?.TryGetValue(name, out JsonElement value) == true ? value : null;

    private async Task<JsonObject> FoundAsync(string query, int limit, CancellationToken token) => new()
    {
        ["tools"] = new JsonArray([.. (await host.SearchToolsAsync(query, limit, options.Run, token).ConfigureAwait(false)).Select((tool) =>
        {
            var found = new JsonObject { ["name"] = tool.Name };
            if (tool.Description is { } description) found["description"] = description;
            return found;
        })]),
    };

    /// <summary>The client's token for progress; null for one so long that each report of a run would be an answer of megabytes.</summary>
    private static ProgressToken? Progress(CallToolRequestParams call) =>
        call.ProgressToken is { Token: string { Length: > MaxTokenCharacters } } ? null : call.ProgressToken;

    private static string Text(CallToolRequestParams call, string name) =>
        call.Arguments?.TryGetValue(name, out JsonElement value) == true && value.ValueKind == JsonValueKind.String

            ? value.GetString()!
            : throw new McpProtocolException($"{call.Name} needs the argument {name}, a text.", McpErrorCode.InvalidParams);

    private static int Limit(CallToolRequestParams call)
    {
        if (call.Arguments?.TryGetValue("limit", out JsonElement value) != true) return 10;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int limit) && limit is >= 1 and <= ToolIndex.MaxFound
            ? limit
            : throw new McpProtocolException($"limit is a whole number from 1 to {ToolIndex.MaxFound}.", McpErrorCode.InvalidParams);
    }

    private static string[] Names(CallToolRequestParams call)
    {
        if (call.Arguments?.TryGetValue("names", out JsonElement value) == true && value.ValueKind == JsonValueKind.Array
            && value.GetArrayLength() <= ToolIndex.MaxDescribed && value.EnumerateArray().All((name) => name.ValueKind == JsonValueKind.String))
        {
            return [.. value.EnumerateArray().Select((name) => name.GetString()!)];
        }

        throw new McpProtocolException($"{call.Name} needs the argument names, a list of at most {ToolIndex.MaxDescribed} texts.", McpErrorCode.InvalidParams);
    }
}
