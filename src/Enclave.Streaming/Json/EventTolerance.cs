namespace Enclave.Streaming;

/// <summary>How strict a reader of events is.</summary>
public enum EventTolerance
{
    /// <summary>Accepts only what the protocol defines.</summary>
    Exact,

    /// <summary>
    /// Also accepts the forms of known peers: other member names, ids without their prefix, and missing members that can be derived from others.
    /// </summary>
    Peers,
}
