namespace Enclave.DoubleVm;

/// <summary>Where a call stands. Each step is taken once.</summary>
internal enum OuterCallState
{
    /// <summary>No lane of the outer isolate has taken it.</summary>
    Waiting,

    /// <summary>The policy has it.</summary>
    Judged,

    /// <summary>It has passed, and the tool has it.</summary>
    Made,

    /// <summary>The tool has answered.</summary>
    Answered,
}
