namespace Enclave.DoubleVm;

/// <summary>The stage of a call. Each step is taken once.</summary>
internal enum OuterCallState
{
    /// <summary>Waits for a lane of the outer isolate.</summary>
    Waiting,

    /// <summary>The policy checks it.</summary>
    Judged,

    /// <summary>It has passed, and the tool runs.</summary>
    Made,

    /// <summary>The tool has answered.</summary>
    Answered,
}
