namespace Enclave.Sessions;

/// <summary>Decides the state of a session, here, at a runtime and at a broker.</summary>
internal static class SessionStates
{
    private static readonly string[] s_onWire = ["starting", "running", "waiting_for_tool", "completed", "failed", "cancelled", "suspended"];

    /// <summary>The state of a session that has not ended.</summary>
    /// <param name="hasStarted">True if its script runs.</param>
    /// <param name="isAsking">True if a tool call waits for an answer from outside.</param>
    public static SessionState Of(bool hasStarted, bool isAsking) =>
        !hasStarted ? SessionState.Starting : isAsking ? SessionState.WaitingForTool : SessionState.Running;

    /// <summary>The state of a session that has ended.</summary>
    /// <param name="isOk">True if its script ran to its end.</param>
    /// <param name="isCancelled">True if it was ended from outside.</param>
    public static SessionState OfEnd(bool isOk, bool isCancelled) =>
        isOk ? SessionState.Completed : isCancelled ? SessionState.Cancelled : SessionState.Failed;

    /// <summary>The name of a state on the wire.</summary>
    public static string ToText(this SessionState state) => s_onWire[(int)state];
}
