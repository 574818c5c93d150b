using System.Text.Json;
using Enclave.Outcomes;
using Enclave.Protocol;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Approvals;

/// <summary>
/// The scripts of one invocation of an agent whose calls the user approves. They are durable runs: a run that waits for the user is suspended, and its waits
/// are in the session.
/// </summary>
/// <param name="host">The host.</param>
/// <param name="run">The options of the runs, with the provider's tools.</param>
/// <param name="states">The session's state.</param>
/// <param name="taken">Names of functions that the model calls itself.</param>
internal sealed class CodeTurn(EnclaveHost host, RunOptions run, CodeStates states, HashSet<string> taken)
{
    /// <summary>The most calls that a user is asked for at once. Further ones follow.</summary>
    private const int MaxAsked = 32;

    private readonly Lock _gate = new();
    private readonly ConversationRuns _runs = new(host, run);
    private readonly IReadOnlyList<string> _tools = host.ApprovedTools(run);

    /// <summary>Deletes scripts that have ended, and decides calls that the user denied.</summary>
    public async Task BeginAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        foreach (WaitingScript script in Scripts().Where((script) => script.IsOver))
        {
            await _runs.DeleteAsync(script.Run, cancellationToken).ConfigureAwait(false);
            Change(() => states.State.Scripts.Remove(script));
        }

        foreach (ToolApprovalResponseContent response in messages.SelectMany((message) => message.Contents).OfType<ToolApprovalResponseContent>())
        {
            if (response.Approved || Find(response.ToolCall.CallId) is not { IsDecided: false } call) continue;
            object denial = string.IsNullOrWhiteSpace(response.Reason) ? false : response.Reason;
            await DecideAsync(call, denial, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The functions that only the framework calls.</summary>
    public IEnumerable<AIFunction> Functions(TurnCodeFunction code)
    {
        string[] tools = [.. _tools.Concat(Scripts().SelectMany((script) => script.Calls).Select((call) => call.Tool)).Distinct(StringComparer.Ordinal)];
        if (tools.Length == 0) return [];
        return [.. tools.Select((tool) => new ApprovalRequiredAIFunction(new ApprovalFunction(ShownName(tool), this))), new ResultFunction(this, code)];
    }

    /// <summary>Runs a script. If it waits for the user, the result says so, and takes its place later.</summary>
    public async Task<ExecutionResult> RunAsync(string source, RunOptions options, string call, CancellationToken cancellationToken)
    {
        // No tool needs an approval, so the run need not be durable.
        if (_tools.Count == 0) return await host.RunAsync(source, options, cancellationToken).ConfigureAwait(false);
        var script = new WaitingScript { Run = $"agent-{Guid.NewGuid():N}", Call = call };
        ExecutionResult result = await _runs.StartAsync(script, source, options, cancellationToken).ConfigureAwait(false);
        if (script.Calls.Count > 0) Change(() => states.State.Scripts.Add(script));
        else await _runs.DeleteAsync(script.Run, cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Continues a script whose calls are decided, and returns its result.</summary>
    public async Task<ExecutionResult> FinishAsync(string name, CancellationToken cancellationToken)
    {
        if (Scripts().FirstOrDefault((one) => one.Run == name && !one.IsOver) is not { } script)
            return ConversationRuns.Failed("the script does not wait for a decision: run it again");
        int asked = script.Calls.Count;
        ExecutionResult result = await _runs.FinishAsync(script, cancellationToken).ConfigureAwait(false);
        Change(() => script.IsOver = script.Calls.Count == asked);
        return result;
    }

    /// <summary>The user approved a call. False if no script waits for it.</summary>
    public async Task<bool> ApproveAsync(FunctionCallContent approved, CancellationToken cancellationToken)
    {
        if (Find(approved.CallId) is not { } call || ShownName(call.Tool) != approved.Name) return false;
        if (!call.IsDecided) await DecideAsync(call, true, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>The calls that come before the model is asked again: they ask the user, or take results. Empty if the model may be asked now.</summary>
    public IReadOnlyList<AIContent> NextCalls()
    {
        var next = new List<AIContent>();
        Change(() =>
        {
            foreach (WaitingCall call in states.State.Scripts.SelectMany((script) => script.Calls).Where((call) => call.Id is null).Take(MaxAsked))
            {
                call.Id = CodeMessages.NewApprovalId();
                next.Add(new FunctionCallContent(call.Id, ShownName(call.Tool), ArgumentsOf(call)));
            }

            if (next.Count > 0) return;
            foreach (WaitingScript script in states.State.Scripts.Where((script) => !script.IsOver && script.Calls.All((call) => call.IsDecided)))
            {
                var arguments = new Dictionary<string, object?> { [ResultFunction.Run] = script.Run };
                next.Add(new FunctionCallContent(CodeMessages.NewResultId(script.Call), ResultFunction.FunctionName, arguments));
            }
        });
        return next;
    }

    /// <summary>Keeps messages for a service that has the conversation, and is not asked now.</summary>
    public void Hold(IEnumerable<ChatMessage> messages) => Change(() => states.State.Held.AddRange(
        CodeMessages.Without(messages, [.. states.State.Scripts.Where((script) => !script.IsOver).Select((script) => script.Call)])));

    /// <summary>The messages that were kept, once.</summary>
    public IReadOnlyList<ChatMessage> TakeHeld()
    {
        if (states.State.Held.Count == 0) return [];
        ChatMessage[] held = [];
        Change(() =>
        {
            held = [.. states.State.Held];
            states.State.Held.Clear();
        });
        return held;
    }

    private async Task DecideAsync(WaitingCall call, object decision, CancellationToken cancellationToken)
    {
        WaitingScript script = Scripts().First((one) => one.Calls.Contains(call));
        try
        {
            await _runs.AnswerAsync(script.Run, call.Token, decision, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Nothing was decided: the user is asked again.
            Change(() => call.Id = null);
            throw;
        }

        Change(() => call.IsDecided = true);
    }

    /// <summary>The tool's name, unless the model has a function of this name: it must not be called in its place.</summary>
    private string ShownName(string tool) => taken.Contains(tool) ? ShownName($"{tool}_in_script") : tool;

    private static Dictionary<string, object?> ArgumentsOf(WaitingCall call) =>
        call.Arguments.EnumerateObject().ToDictionary((member) => member.Name, (member) => (object?)member.Value, StringComparer.Ordinal);

    private WaitingCall? Find(string id)
    {
        lock (_gate) return states.State.Scripts.SelectMany((script) => script.Calls).FirstOrDefault((call) => call.Id == id);
    }

    private WaitingScript[] Scripts()
    {
        lock (_gate) return [.. states.State.Scripts];
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            states.Save();
        }
    }
}
