using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Broker.Executors;
using Enclave.Broker.Sessions;
using Enclave.Protocol;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Broker.PostgreSql.Tests;

/// <summary>
/// Runs sessions without a sandbox. The code is words: <c>print</c>, <c>tool</c>, <c>ask</c> (a call
/// that the client answers), <c>wait</c> (until it is stopped).
/// </summary>
internal sealed class ScriptedExecutor : IExecutor
{
    public bool IsReady => true;

    public BrokerError? Admit(BrokerSession session) => null;

    public async Task RunAsync(BrokerSession session)
    {
        int call = 0, line = 0;
        JsonElement? result = null;
        foreach (string word in session.Request.Code.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word)
            {
                case "print":
                    session.Add(new Stdout($"line {++line}\n"));
                    await Task.Yield();
                    break;
                case "tool":
                    session.Add(new ToolCall { CallId = $"c_{++call}", ToolName = "there", Args = JsonElement.Parse("{}") });
                    if (session.Journal is { } journal)
                        await journal.WhenKept($"c_{call}").WaitAsync(session.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    session.Add(new ToolResultApplied($"c_{call}"));
                    break;
                case "ask":
                    var calls = new Asked();
                    Task answered = calls.Wait($"c_{++call}");
                    session.Calls = calls;
                    session.Add(new ToolCall { CallId = $"c_{call}", ToolName = "ask", Args = JsonElement.Parse("{}") });
                    await answered.WaitAsync(session.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    session.Add(new ToolResultApplied($"c_{call}"));
                    result = calls.Answer;
                    break;
                case "wait":
                    await Task.Delay(Timeout.Infinite, session.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
            }

            if (!session.Stopping.IsCancellationRequested) continue;
            session.Add(new Final { Ok = false, Error = new ErrorInfo(session.End?.Reason ?? WireFinal.CancelledText, "SESSION_CANCELLED") });
            return;
        }

        session.Add(new Final { Ok = true, Result = result });
    }

    private sealed class Asked : IClientCalls
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

        public JsonElement? Answer { get; private set; }

        public bool AreWaiting => !_waiting.IsEmpty;

        public Task Wait(string call) => _waiting.GetOrAdd(call, (_) => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public bool TrySettle(string callId, Func<object> answer)
        {
            if (!_waiting.TryRemove(callId, out TaskCompletionSource? waiting)) return false;
            object given = answer();
            Answer = JsonElement.Parse(given is ToolException failure ? JsonSerializer.Serialize(failure.Message) : ((ScriptValue)given).ToJsonString());
            waiting.TrySetResult();
            return true;
        }
    }
}
