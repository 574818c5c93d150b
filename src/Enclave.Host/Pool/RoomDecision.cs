namespace Enclave.Pool;

/// <summary>The decision about an idle worker of one tenant while another tenant waits.</summary>
internal enum RoomDecision
{
    /// <summary>It stays.</summary>
    Keep,

    /// <summary>Keep the worker for now. Decide again when the slices of running jobs have passed.</summary>
    LookAgain,

    /// <summary>The worker that has been idle longest is replaced.</summary>
    MakeRoom,
}
