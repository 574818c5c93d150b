namespace Enclave.Guard.Options;

/// <summary>The level of trust in a script: the guard's copy of the host's security levels.</summary>
internal enum GuardLevel
{
    Strict,
    Secure,
    Standard,
    Permissive,
}
