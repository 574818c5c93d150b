namespace Enclave.Isolation;

/// <summary>The priority of a starting worker.</summary>
internal enum StartPace
{
    /// <summary>Normal: a job waits for it, or the machine is idle.</summary>
    AtOnce,

    /// <summary>Low, if a control group allows it: no job waits for it yet.</summary>
    Aside,
}
