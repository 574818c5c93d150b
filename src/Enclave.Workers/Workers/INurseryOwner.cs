namespace Enclave.Workers;

/// <summary>Is notified of a nursery's life, on the nursery's own thread. It must not block.</summary>
internal interface INurseryOwner
{
    void OnReady(Nursery nursery);

    /// <summary>The nursery did something, or has a state, that an honest nursery never does or has.</summary>
    void OnViolation(SecurityEventKind kind, int pid, string what);

    /// <summary>The nursery was not ready in time, and still lives although it was ordered to end. May be called again.</summary>
    /// <inheritdoc cref="OnEnded"/>
    void OnStuck(Nursery nursery, string why, ErrorCode code);

    /// <summary>The nursery was reaped. This is the last call.</summary>
    /// <param name="nursery">The nursery.</param>
    /// <param name="why">How it ended, in words.</param>
    /// <param name="code">The error code for jobs that wait for a worker.</param>
    void OnEnded(Nursery nursery, string why, ErrorCode code);
}
