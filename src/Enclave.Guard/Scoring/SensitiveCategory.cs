namespace Enclave.Guard;

/// <summary>Kinds of sensitive data, recognised by words.</summary>
public enum SensitiveCategory
{
    /// <summary>Passwords, tokens, keys.</summary>
    Authentication,

    /// <summary>Data that identifies a person.</summary>
    Pii,

    /// <summary>Accounts and cards.</summary>
    Financial,

    /// <summary>Names with leading underscores.</summary>
    Internal,
}
