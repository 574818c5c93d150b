namespace Enclave.Guard.Options;

/// <summary>The level of trust in a script: the guard's copy of the host's security levels.</summary>
internal enum GuardLevel
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
