namespace Enclave.Durable;

/// <summary>The acts that the audit of durable runs has.</summary>
internal enum DurableAct
{
    Start,
    Suspend,
    Answer,
    Resume,

    /// <summary>It starts over with another state.</summary>
    Continue,
    End,
    Cancel,

    /// <summary>An operator lets the run continue after its database was restored.</summary>
    Accept,
    Delete,
}
