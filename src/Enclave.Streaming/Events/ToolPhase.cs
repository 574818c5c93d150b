namespace Enclave.Streaming;

/// <summary>How far a tool call is.</summary>
public enum ToolPhase
{
    /// <summary>It was taken.</summary>
    Connecting,

    /// <summary>Its request goes out.</summary>
    Sending,

    /// <summary>Its answer comes in.</summary>
    Receiving,

    /// <summary>It is at work.</summary>
    Processing,
}
