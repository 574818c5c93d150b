namespace Enclave.Streaming;

/// <summary>Why a channel failed.</summary>
public enum RuntimeChannelFault
{
    /// <summary>It is closed.</summary>
    Closed,

    /// <summary>The other end did not answer in time.</summary>
    ConnectionTimeout,

    /// <summary>The other end refused, or is not there.</summary>
    ConnectionFailed,

    /// <summary>More is held for the other end than may be.</summary>
    Full,

    /// <summary>A message is larger than may be.</summary>
    MessageTooLarge,
}
