namespace Enclave.Guard;

/// <summary>Kinds of words that name data worth protecting.</summary>
public enum SensitiveCategory
{
    /// <summary>Passwords, tokens, keys.</summary>
    Authentication,

    /// <summary>What identifies a person.</summary>
    Pii,

    /// <summary>Accounts and cards.</summary>
    Financial,

    /// <summary>Names with leading underscores.</summary>
    Internal,
}
