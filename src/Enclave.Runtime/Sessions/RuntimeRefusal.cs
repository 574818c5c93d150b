using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Why a session was refused.</summary>
internal sealed record RuntimeRefusal(string Code, string Message)
{
    /// <summary>The last event of the session.</summary>
    public Final Final => Final.Failure(new ErrorInfo(Message, Code), new FinalStats(0, 0, 0));

    public static RuntimeRefusal Busy(int max) =>
        new(SessionCode.RuntimeBusy, $"the runtime is running its maximum of {max} sessions (MaxSessions): try again, or use another runtime");

    public static RuntimeRefusal Exists(string id) => new(SessionCode.Exists, $"session {id} is already running");

    public static RuntimeRefusal Stopping { get; } = new(SessionCode.RuntimeStopping, "the runtime is stopping and accepts no more sessions");

    public static RuntimeRefusal Invalid(string problem) => new(SessionCode.InvalidRequest, problem);

    public static RuntimeRefusal Failed(Exception fault) => new(ErrorCode.RuntimeError.ToCode(), $"the runtime failed ({fault.GetType().Name})");
}
