namespace Enclave.Client;

/// <summary>What became of a cancel.</summary>
public enum CancelOutcome
{
    /// <summary>The broker took it.</summary>
    Cancelled,

    /// <summary>The session had its result before; nothing was sent.</summary>
    AlreadyEnded,

    /// <summary>The broker knows no such session (any more).</summary>
    NotFound,

    /// <summary>The broker refused, or gave no answer in <see cref="EnclaveClientOptions.CancelTimeout"/>. It may still run the script.</summary>
    Unconfirmed,
}
