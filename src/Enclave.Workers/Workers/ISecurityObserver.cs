namespace Enclave.Workers;

/// <summary>Is notified of signs of an attack. Must not block.</summary>
internal interface ISecurityObserver
{
    /// <summary>A worker, or the start of one, did something that no honest one does.</summary>
    void OnSecurityEvent(SecurityEvent report);
}
