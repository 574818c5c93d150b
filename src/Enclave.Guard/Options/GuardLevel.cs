namespace Enclave.Guard.Options;

/// <summary>How far a script is trusted: the host's security levels, as the guard knows them.</summary>
internal enum GuardLevel
{
    Strict,
    Secure,
    Standard,
    Permissive,
}
