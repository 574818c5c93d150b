using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;

namespace Enclave.Sessions;

/// <summary>Routes a session's tool calls outside or to the host, each within its time and size.</summary>
/// <param name="options">The session's options.</param>
/// <param name="outside">The tools whose calls are answered outside.</param>
/// <param name="pending">The calls that wait for an answer from outside.</param>
/// <param name="events">Reports a call to the readers of the session before its answer is awaited.</param>
/// <param name="host">The host's own tools.</param>
/// <param name="clock">The clock of timeouts.</param>
internal sealed class SessionTools(
    EnclaveSessionOptions options, OutsideTools outside, PendingCalls pending, SessionEvents events, IToolInvoker host, TimeProvider clock) : IToolInvoker
{
    private bool _hasFailed;

    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        if (options.RefuseCallsAfterFailure && Volatile.Read(ref _hasFailed)) throw SessionTexts.RefusedAfterFailure();
        try
        {
            return await AnswerAsync(call).ConfigureAwait(false);
        }
        catch
        {
            Volatile.Write(ref _hasFailed, true);
            throw;
        }
    }

    private async Task<ScriptValue> AnswerAsync(ToolInvocation call)
    {
        bool isOutside = outside.Contains(call.Name);
        if (isOutside) events.Asked(call);
        ScriptValue value = await (isOutside ? pending.AnswerAsync(call.Id) : CallHostAsync(call)).ConfigureAwait(false);
        // The estimate shows for most answers that they are small. Only the others are measured exactly.
        if (EventSize.Of(value) > options.MaxToolResultBytes && ScriptValueCodec.Encode(value).LongLength is var bytes && bytes > options.MaxToolResultBytes)
        {
            throw SessionTexts.ToolResultTooLarge(call.Name, bytes, options.MaxToolResultBytes);
        }

        return value;
    }

    private async Task<ScriptValue> CallAfterAsync(ToolInvocation call)
    {
        if (options.BeforeHostTool is { } before) await before(ToolCallEvent.IdOf(call.Id)).WaitAsync(call.Context.CancellationToken).ConfigureAwait(false);
        return await host.CallAsync(call).ConfigureAwait(false);
    }

    private async Task<ScriptValue> CallHostAsync(ToolInvocation call)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(call.Context.CancellationToken);
        var timed = new ToolInvocation(call.Job, call.Id, call.Name, call.Args, call.Context.Until(late.Token)) { Memory = call.Memory };
        // Call the tool on another thread, because a tool may block before it awaits, and the timeout holds for that too.
        Task<ScriptValue> answer = call.Job.Turns.Run(() => CallAfterAsync(timed));
        await ((Task)answer).WaitAsync(options.ToolTimeout, clock, call.Context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer.IsCompleted) return await answer.ConfigureAwait(false);
        await late.CancelAsync().ConfigureAwait(false);
        // The run no longer waits for the answer. Reading its exception prevents an unobserved one.
        _ = answer.ContinueWith((failed) => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        throw SessionTexts.ToolTimeout(call.Name, options.ToolTimeout);
    }
}
