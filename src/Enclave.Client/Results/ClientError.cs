namespace Enclave.Client;

/// <summary>Why a session failed.</summary>
/// <param name="Code">One of <see cref="ClientErrorCodes"/>, or the code in the script's last event; <c>UNKNOWN</c> if that has none.</param>
/// <param name="Message">The message. Text of the broker in it is cut at 2000 characters.</param>
public sealed record ClientError(string Code, string Message)
{
    /// <summary>The stack in the script; null if unknown.</summary>
    public string? Stack { get; init; }

    /// <summary>The HTTP status of a refusal; null otherwise.</summary>
    public int? StatusCode { get; init; }

    /// <summary>How long the broker asks to wait before the next session; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
