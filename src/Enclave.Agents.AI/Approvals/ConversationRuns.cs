using System.Text.Json;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Agents.AI.Approvals;

/// <summary>The durable runs of a conversation: each until it has ended, or asks its user.</summary>
/// <param name="host">The host.</param>
/// <param name="run">The options with which the runs continue: the tenant, the tools, the context.</param>
internal sealed class ConversationRuns(EnclaveHost host, RunOptions run)
{
    /// <summary>How long a script may sleep while its model waits for the result.</summary>
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromMinutes(1);

    /// <summary>How long a cancelled invocation waits for the end of its run.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Starts a script. The questions for its user are added to its calls.</summary>
    public Task<ExecutionResult> StartAsync(WaitingScript script, string source, RunOptions options, CancellationToken cancellationToken)
    {
        RunOptions named = options with { Durable = script.Run };
        host.Runs.Keep(script.Run, named);
        return FollowAsync(script, () => host.StartAsync(source, named, cancellationToken), cancellationToken);
    }

    /// <summary>Waits for the end of a script that continues.</summary>
    public Task<ExecutionResult> FinishAsync(WaitingScript script, CancellationToken cancellationToken)
    {
        host.Runs.Keep(script.Run, run);
        return FollowAsync(script, static () => Task.CompletedTask, cancellationToken);
    }

    /// <summary>Answers a wait of a script. Does nothing if the script does not wait for it any more.</summary>
    /// <exception cref="JournalException">The store failed.</exception>
    public async Task AnswerAsync(string name, string token, object decision, CancellationToken cancellationToken)
    {
        // The session may have come from somewhere else, so only runs of this tenant are answered.
        if (await host.Runs.FindAsync(name, run.Tenant, cancellationToken).ConfigureAwait(false) is not { } waiting) return;
        if (waiting.Waits.All((wait) => wait.Token != token)) return;
        // The host may resume the run by itself, and needs the run's tools for that.
        host.Runs.Keep(name, run);
        try
        {
            await host.AnswerAsync(token, decision, cancellationToken).ConfigureAwait(false);
        }
        catch (JournalException fault) when (fault.Fault is JournalFault.Answered or JournalFault.NotFound)
        {
            // Another process answered first.
        }
    }

    /// <summary>Removes a run that has ended. If the store fails, the host removes the run later, after its time.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        host.Runs.Forget(name, run.Tenant);
        try
        {
            await host.Runs.DeleteAsync(name, run.Tenant, cancellationToken).ConfigureAwait(false);
        }
        catch (JournalException)
        {
        }
    }

    /// <summary>A result for a script that could not run.</summary>
    public static ExecutionResult Failed(string message) => Of(ErrorCode.JournalUnavailable, message);

    private async Task<ExecutionResult> FollowAsync(WaitingScript script, Func<Task> start, CancellationToken cancellationToken)
    {
        try
        {
            await start().ConfigureAwait(false);
            DurableRun left = await host.Runs
                .WaitForAsync(script.Run, run, (now) => IsAsking(script, now) || IsAsleep(now), cancellationToken).ConfigureAwait(false);
            if (left.Result is { } result)
            {
                host.Runs.Forget(script.Run, run.Tenant);
                return result;
            }

            return IsAsking(script, left)
                ? await AskAsync(script, left, cancellationToken).ConfigureAwait(false)
                : await EndAsync(script, left).ConfigureAwait(false);
        }
        catch (JournalException fault)
        {
            host.Runs.Forget(script.Run, run.Tenant);
            return Failed(fault.Message);
        }
        catch (OperationCanceledException)
        {
            await CancelAsync(script.Run).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>True if the script waits for a decision that the user was not asked for yet.</summary>
    private static bool IsAsking(WaitingScript script, DurableRun now) => NewWaits(script, now).Any();

    private static IEnumerable<DurableWait> NewWaits(WaitingScript script, DurableRun now) => now.State != DurableRunState.Suspended ? []
        : now.Waits.Where((wait) => wait.Kind == WaitKind.Approval && script.Calls.All((call) => call.Token != wait.Token));

    /// <summary>True if it waits longer than a conversation can, for something that its user does not decide.</summary>
    private bool IsAsleep(DurableRun now) =>
        now.State == DurableRunState.Suspended && (now.Due is not { } due || due - host.Runs.Host.Now > s_longestSleep);

    private async Task<ExecutionResult> AskAsync(WaitingScript script, DurableRun now, CancellationToken cancellationToken)
    {
        IReadOnlyList<ExecutionEvent> history = await host.Runs.HistoryAsync(script.Run, run.Tenant, cancellationToken).ConfigureAwait(false);
        // The user is asked in the order of the script's calls.
        (DurableWait Wait, ScriptValue Arguments)[] asked = [.. history.OfType<ToolCallEvent>()
            .Join(NewWaits(script, now), (call) => call.CallId, (wait) => wait.CallId, (call, wait) => (wait, call.Args))];
        foreach ((DurableWait wait, ScriptValue arguments) in asked)
            script.Calls.Add(new WaitingCall { Token = wait.Token, Tool = wait.Name, Arguments = JsonOf(arguments) });
        string names = string.Join(", ", asked.Select((one) => one.Wait.Name).Distinct(StringComparer.Ordinal));
        return new ExecutionResult
        {
            Value = ScriptValue.OfString($"The script waits for the user's decision about {names}."),
            Error = null,
            Stats = new ExecutionStats(),
            Stdout = "",
        };
    }

    private static JsonElement JsonOf(ScriptValue arguments) =>
        arguments.Kind == ScriptValueKind.Object ? JsonElement.Parse(arguments.ToJsonString()) : JsonElement.Parse("{}");

    private async Task<ExecutionResult> EndAsync(WaitingScript script, DurableRun left)
    {
        await CancelAsync(script.Run).ConfigureAwait(false);
        string what = left.Waits.Select((wait) => wait.Name).FirstOrDefault((name) => name.Length > 0) ?? "a later moment";
        return Of(ErrorCode.Timeout, $"the script waits for {what}: a script of a conversation waits for its user's decisions alone. "
            + "Return what there is, and run another script later");
    }

    /// <summary>Ends a run whose invocation was cancelled. If another host has the run, that host ends it later.</summary>
    private async Task CancelAsync(string name)
    {
        using var time = new CancellationTokenSource(s_patience);
        try
        {
            await host.Runs.CancelAsync(name, run.Tenant, time.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is JournalException or OperationCanceledException or ObjectDisposedException)
        {
        }

        host.Runs.Forget(name, run.Tenant);
    }

    private static ExecutionResult Of(ErrorCode code, string message) => ResultBuilder.Failure(
        new ExecutionError { Code = code, Name = code.ToCode(), Message = message }, new ExecutionStats(), "", runId: null);
}
