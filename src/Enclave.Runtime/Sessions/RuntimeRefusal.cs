namespace Enclave.Runtime.Sessions;

/// <summary>Why a session is not opened.</summary>
internal sealed record RuntimeRefusal(string Code, string Message)
{
    public static RuntimeRefusal Busy(int max) => new("RUNTIME_BUSY", $"the runtime runs as many sessions as it may ({max}, MaxSessions): try again, or another one");

    public static RuntimeRefusal Exists(string id) => new("SESSION_EXISTS", $"a session {id} runs already");

    public static RuntimeRefusal Stopping { get; } = new("RUNTIME_STOPPING", "the runtime stops and takes no more sessions");

    public static RuntimeRefusal Invalid(string problem) => new("INVALID_REQUEST", problem);

    public static RuntimeRefusal Failed(Exception fault) => new("RUNTIME_ERROR", $"the runtime failed ({fault.GetType().Name})");
}
