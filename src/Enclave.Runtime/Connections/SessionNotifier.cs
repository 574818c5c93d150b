using Enclave.Runtime.Diagnostics;
using Enclave.Runtime.Sessions;
using Enclave.SessionWire;
using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>Notifies counters, handlers and the log of what happens in a session. The peer gets its events another way.</summary>
internal sealed class SessionNotifier(RuntimeWorkerOptions options, SessionTable directory, SessionCounts counts, DebugLines debug) : SessionObserver
{
    private RuntimeSessionHooks? _hooks;

    /// <summary>Whose session it is; null for nobody's.</summary>
    public RuntimeClient? Client { get; init; }

    /// <summary>The session opens.</summary>
    public void Begin(RuntimeSession session, SessionPlan plan)
    {
        Guarded(() => options.EventHandlers?.OnExecute?.Invoke(plan.Id, plan.Code));
        Guarded(() => _hooks = options.SessionHandler?.Invoke(plan.Id, session.Add));
    }

    /// <summary>The peer sent something for the session.</summary>
    public void Told(ChannelMessage message) => Guarded(() => _hooks?.OnMessage?.Invoke(message));

    public override void OnEvent(RuntimeSession session, SessionEvent sent)
    {
        if (debug.IsOn) Write(sent);
        Guarded(() => options.OnEvent?.Invoke(sent));
    }

    public override void OnEnding(RuntimeSession session, Final final)
    {
        counts.Ended(final);
        Client?.Remove(session);
        directory.Remove(session);
        Guarded(() => Tell(session.Id, final));
        Guarded(() => _hooks?.OnClose?.Invoke());
    }

    /// <summary>Calls a handler of the user's; what it throws is its own affair.</summary>
    public static void Guarded(Action call)
    {
        try
        {
            call();
        }
        catch (Exception)
        {
            // A session does not end because somebody who listens has a fault.
        }
    }

    private void Tell(string id, Final final)
    {
        if (options.EventHandlers is not { } handlers) return;
        if (final.Ok) handlers.OnComplete?.Invoke(id, final);
        else if (final.Error?.Code == WireFinal.Cancelled) handlers.OnCancel?.Invoke(id, final.Error.Message);
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
