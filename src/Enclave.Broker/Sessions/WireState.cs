namespace Enclave.Broker.Sessions;

/// <summary>The state of a session on the wire.</summary>
internal enum WireState
{
    /// <summary>It waits for a worker or a runtime.</summary>
    Starting,

    /// <summary>Its script runs.</summary>
    Running,

    /// <summary>Its script waits for a tool.</summary>
    WaitingForTool,

    /// <summary>It is durable and put aside until something happens.</summary>
    Suspended,

    /// <summary>Its script ended.</summary>
    Completed,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>It failed.</summary>
    Failed,
}

/// <summary>The names of states on the wire.</summary>
internal static class WireStates
{
    private static readonly string[] s_texts = ["starting", "running", "waiting_for_tool", "suspended", "completed", "cancelled", "failed"];

    /// <summary>Returns the name of the state on the wire.</summary>
    public static string ToText(this WireState state) => s_texts[(int)state];
}
