namespace Enclave.Streaming;

/// <summary>Why a channel failed.</summary>
public enum RuntimeChannelFault
{
    /// <summary>The channel is closed.</summary>
    Closed,

    /// <summary>The other end did not answer in time.</summary>
    ConnectionTimeout,

    /// <summary>The other end refused or is not running.</summary>
    ConnectionFailed,

    /// <summary>Too many bytes wait for the other end.</summary>
    Full,

    /// <summary>A message is too large.</summary>
    MessageTooLarge,
}
