namespace Enclave.Runtime.Sessions;

/// <summary>Why a session was refused.</summary>
internal sealed record RuntimeRefusal(string Code, string Message)
{
    public static RuntimeRefusal Busy(int max) =>
        new("RUNTIME_BUSY", $"the runtime is running its maximum of {max} sessions (MaxSessions): try again, or use another runtime");

    public static RuntimeRefusal Exists(string id) => new("SESSION_EXISTS", $"session {id} is already running");

    public static RuntimeRefusal Stopping { get; } = new("RUNTIME_STOPPING", "the runtime is stopping and accepts no more sessions");

    public static RuntimeRefusal Invalid(string problem) => new("INVALID_REQUEST", problem);

    public static RuntimeRefusal Failed(Exception fault) => new("RUNTIME_ERROR", $"the runtime failed ({fault.GetType().Name})");
}
