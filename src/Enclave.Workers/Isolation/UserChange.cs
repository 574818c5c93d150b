namespace Enclave.Isolation;

/// <summary>Says if a worker changes its user by itself, and keeps the capabilities for that step until then.</summary>
internal enum UserChange
{
    None,
    AtTheLock,
}
