namespace Enclave.Workers;

/// <summary>Is notified of a nursery's life, on the nursery's own thread. It must not block.</summary>
internal interface INurseryOwner
{
    void OnReady(Nursery nursery);

    /// <summary>It did, or is, what no honest nursery does or is.</summary>
    void OnViolation(SecurityEventKind kind, int pid, string what);

    /// <summary>It was not ready in time, and still lives although it was ordered to end. May be called again.</summary>
    /// <inheritdoc cref="OnEnded"/>
    void OnStuck(Nursery nursery, string why, ErrorCode code);

    /// <summary>It was reaped. The last call.</summary>
    /// <param name="nursery">The nursery.</param>
    /// <param name="why">How it ended, in words.</param>
    /// <param name="code">The error code for jobs that wait for a worker.</param>
    void OnEnded(Nursery nursery, string why, ErrorCode code);
}
