namespace Enclave.Isolation;

/// <summary>Whether a worker becomes another user by itself, and keeps the capabilities for that one step until then.</summary>
internal enum UserChange
{
    None,
    AtTheLock,
}
