namespace Enclave.Client;

/// <summary>The result of a cancel.</summary>
public enum CancelOutcome
{
    /// <summary>The broker accepted it.</summary>
    Cancelled,

    /// <summary>The session already had its result; nothing was sent.</summary>
    AlreadyEnded,

    /// <summary>The broker does not know the session, or no longer knows it.</summary>
    NotFound,

    /// <summary>The broker refused, or did not answer within <see cref="EnclaveClientOptions.CancelTimeout"/>. The script may still run.</summary>
    Unconfirmed,
}
