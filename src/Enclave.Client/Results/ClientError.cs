namespace Enclave.Client;

/// <summary>Why a session failed.</summary>
/// <param name="Code">One of <see cref="ClientErrorCodes"/>, or what the script's last event says; <c>UNKNOWN</c> when it says nothing.</param>
/// <param name="Message">In words. Text of the broker in it is cut at 2000 characters.</param>
public sealed record ClientError(string Code, string Message)
{
    /// <summary>Where in the script; null when it is not said.</summary>
    public string? Stack { get; init; }

    /// <summary>The HTTP status of a refusal; null for everything else.</summary>
    public int? StatusCode { get; init; }

    /// <summary>How long the broker asks to wait before the next session; null when it is not said.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
