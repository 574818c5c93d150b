namespace Enclave.Tenants;

/// <summary>Why something cannot be done with a saved script.</summary>
public enum SavedScriptFault
{
    /// <summary>There is no such script, or it has no such version, or none is active.</summary>
    NotFound,

    /// <summary>The guard, the tenant's policy or the check of calls refuses the script: <see cref="SavedScriptException.Issues"/> says where.</summary>
    Refused,

    /// <summary>The arguments do not fit the version's schema.</summary>
    Arguments,

    /// <summary>A name, schema, size or share is out of its range.</summary>
    OutOfRange,

    /// <summary>The stored data is not the data that was saved.</summary>
    Damaged,

    /// <summary>The store cannot be used.</summary>
    Unavailable,
}
