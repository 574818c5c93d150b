namespace Enclave.Streaming;

/// <summary>How much a reader of events forgives.</summary>
public enum EventTolerance
{
    /// <summary>What the protocol has, and nothing else.</summary>
    Exact,

    /// <summary>Also what known peers send in its place: other names of members, ids without their prefix, members left out that can be told from others.</summary>
    Peers,
}
