namespace Enclave.Streaming;

/// <summary>How a lost connection is tried again.</summary>
public sealed record ReconnectOptions
{
    /// <summary>Tries in a row before giving up. Range: 0 and above. Default: 5.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>Wait before the first try. Range: 0 and above. Default: 1 s.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait, before <see cref="Jitter"/>. Range: 0 and above. Default: 30 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much longer each wait is than the one before. Range: 1 and above. Default: 2.</summary>
    public double Multiplier { get; init; } = 2;

    /// <summary>How far a wait is moved at random, as a part of it. Range: 0 to 1. Default: 0.3, so that a wait is 0.7 to 1.3 times as long.</summary>
    /// <remarks>Clients that lost the same server do not come back at the same moment.</remarks>
    public double Jitter { get; init; } = 0.3;
}
