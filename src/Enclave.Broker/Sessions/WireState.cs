namespace Enclave.Broker.Sessions;

/// <summary>The state of a session on the wire.</summary>
internal enum WireState
{
    Starting,
    Running,
    WaitingForTool,
    Completed,
    Cancelled,
    Failed,
}

internal static class WireStates
{
    private static readonly string[] s_texts = ["starting", "running", "waiting_for_tool", "completed", "cancelled", "failed"];

    public static string ToText(this WireState state) => s_texts[(int)state];
}
