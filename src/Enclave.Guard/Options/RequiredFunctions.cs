namespace Enclave.Guard;

/// <summary>Which of several required functions a script has to call.</summary>
public enum RequiredFunctions
{
    /// <summary>Each of them.</summary>
    All,

    /// <summary>One of them.</summary>
    Any,
}
