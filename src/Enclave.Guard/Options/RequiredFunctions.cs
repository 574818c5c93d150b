namespace Enclave.Guard;

/// <summary>Says which of several required functions a script must call.</summary>
public enum RequiredFunctions
{
    /// <summary>Each of them.</summary>
    All,

    /// <summary>One of them.</summary>
    Any,
}
