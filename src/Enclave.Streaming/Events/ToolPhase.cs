namespace Enclave.Streaming;

/// <summary>The phase of a tool call.</summary>
public enum ToolPhase
{
    /// <summary>It was accepted.</summary>
    Connecting,

    /// <summary>Its request is being sent.</summary>
    Sending,

    /// <summary>Its answer is being received.</summary>
    Receiving,

    /// <summary>It is running.</summary>
    Processing,
}
