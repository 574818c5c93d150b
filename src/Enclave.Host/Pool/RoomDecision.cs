namespace Enclave.Pool;

/// <summary>What is decided about an idle worker of one tenant while another tenant waits.</summary>
internal enum RoomDecision
{
    /// <summary>It stays.</summary>
    Keep,

    /// <summary>It stays for now: another look is due when the slices of those that began have passed.</summary>
    LookAgain,

    /// <summary>The longest idle one makes room.</summary>
    MakeRoom,
}
