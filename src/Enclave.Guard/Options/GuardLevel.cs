namespace Enclave.Guard.Options;

/// <summary>How far a script is trusted: the host's security levels, as the guard knows them.</summary>
public enum GuardLevel
{
    /// <summary>Anonymous or adversarial code.</summary>
    Strict,

    /// <summary>Customers' code.</summary>
    Secure,

    /// <summary>Code that a model wrote for a known user.</summary>
    Standard,

    /// <summary>Code of your own staff.</summary>
    Permissive,
}
