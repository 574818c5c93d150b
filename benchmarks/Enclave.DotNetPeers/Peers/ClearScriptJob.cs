using Microsoft.ClearScript;
using Microsoft.ClearScript.JavaScript;
using Microsoft.ClearScript.V8;

namespace Enclave.DotNetPeers.Peers;

/// <summary>One job in an engine that was made for it.</summary>
internal static class ClearScriptJob
{
    /// <summary>
    /// Runs the job on this thread up to its first wait, and sets the answer. ClearScript has no time limit of its own: a timer interrupts the engine.
    /// </summary>
    public static async Task RunAsync(V8ScriptEngine engine, PeerJob job, TaskCompletionSource<string> answer, Action<V8ScriptEngine> ended)
    {
        using var limit = new Timer((_) => Interrupt(engine, answer), null, job.TimeLimit, Timeout.InfiniteTimeSpan);
        try
        {
            string text;
            try
            {
                text = await EvaluateAsync(engine, job.Source, job.ArgsText, job.CallTool);
            }
            finally
            {
                ended(engine);
            }

            answer.TrySetResult(text);
        }
        catch (Exception failure)
        {
            answer.TrySetException(failure);
        }
    }

    /// <summary>Evaluates <see cref="PeerJob.Source"/>, without a limit of time.</summary>
    public static async Task<string> EvaluateAsync(V8ScriptEngine engine, string source, string argsText, Func<string, string, Task<string>> callTool)
    {
        object promise = ((ScriptObject)engine.Evaluate(source)).Invoke(false, argsText, callTool);
        Task<object> answer = promise as Task<object> ?? promise.ToTask();
        // V8 settles it inside a call of its own. The caller disposes the engine next, which within that call ends the process (SIGSEGV).
        if (!answer.IsCompleted) await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        return (string)await answer;
    }

    /// <summary>The caller has its answer although the engine may not heed the interruption.</summary>
    private static void Interrupt(V8ScriptEngine engine, TaskCompletionSource<string> answer)
    {
        try
        {
            engine.Interrupt();
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        answer.TrySetException(new TimeoutException("time limit"));
    }
}
