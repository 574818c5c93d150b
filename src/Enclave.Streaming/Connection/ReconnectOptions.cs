namespace Enclave.Streaming;

/// <summary>How to reconnect.</summary>
public sealed record ReconnectOptions
{
    /// <summary>Attempts in a row before giving up. Range: 0 and above. Default: 5.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>The wait before the first attempt. Range: 0 and above. Default: 1 s.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait, before <see cref="Jitter"/>. Range: 0 and above. Default: 30 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The factor from one wait to the next. Range: 1 and above. Default: 2.</summary>
    public double Multiplier { get; init; } = 2;

    /// <summary>Random variation of a wait, as a fraction of it. Range: 0 to 1. Default: 0.3, so that a wait is 0.7 to 1.3 times as long.</summary>
    /// <remarks>Prevents that all clients of a failed server reconnect at the same moment.</remarks>
    public double Jitter { get; init; } = 0.3;
}
