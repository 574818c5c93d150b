using Enclave.Runtime.Diagnostics;
using Enclave.Runtime.Sessions;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>Notifies counters, handlers and the log of a session's events. The peer gets its events another way.</summary>
internal sealed class SessionNotifier(RuntimeWorkerOptions options, SessionTable directory, SessionCounts counts, DebugLog debug) : SessionObserver
{
    private RuntimeSessionHooks? _hooks;

    /// <summary>The peer that owns the session; null for none.</summary>
    public RuntimeClient? Client { get; init; }

    /// <summary>Called when the session opens.</summary>
    public void Begin(RuntimeSession session, SessionPlan plan)
    {
        InvokeSafely(() => options.EventHandlers?.OnExecute?.Invoke(plan.Id, plan.Code));
        InvokeSafely(() => _hooks = options.SessionHandler?.Invoke(plan.Id, session.Add));
    }

    /// <summary>Called for each message of the peer for the session.</summary>
    public void OnMessage(ChannelMessage message) => InvokeSafely(() => _hooks?.OnMessage?.Invoke(message));

    public override void OnEvent(RuntimeSession session, SessionEvent sent)
    {
        if (debug.IsOn) Write(sent);
        InvokeSafely(() => options.OnEvent?.Invoke(sent));
    }

    public override void OnEnding(RuntimeSession session, Final final)
    {
        counts.Ended(final);
        Client?.Remove(session);
        directory.Remove(session);
        InvokeSafely(() => Tell(session.Id, final));
        InvokeSafely(() => _hooks?.OnClose?.Invoke());
    }

    public override void OnEnded() => directory.Finish();

    /// <summary>Calls a user's handler, and ignores its exceptions.</summary>
    public static void InvokeSafely(Action call)
    {
        try
        {
            call();
        }
        catch (Exception)
        {
            // An exception in a handler must not end the session.
        }
    }

    private void Tell(string id, Final final)
    {
        if (options.EventHandlers is not { } handlers) return;
        if (final.Ok) handlers.OnComplete?.Invoke(id, final);
        else if (final.Error?.Code == SessionCode.Cancelled) handlers.OnCancel?.Invoke(id, final.Error.Message);
        else handlers.OnError?.Invoke(id, final.Error ?? new ErrorInfo(""));
    }

    private void Write(SessionEvent sent)
    {
        (string?, bool?, double?) end = sent.Payload is Final final ? (final.Error?.Code, final.Ok, final.Stats?.DurationMs) : default;
        debug.Write(
            "event",
            ("sessionId", sent.SessionId),
            ("seq", sent.Seq),
            ("type", sent.Type),
            ("callId", (sent.Payload as ToolCall)?.CallId),
            ("tool", (sent.Payload as ToolCall)?.ToolName),
            ("ok", end.Item2),
            ("code", end.Item1 ?? (sent.Payload as SessionError)?.Code),
            ("durationMs", end.Item3));
    }
}
