namespace Enclave.Guard;

/// <summary>Sets of rules. Default: <see cref="AgentScript"/>, at every level.</summary>
public enum GuardPreset
{
    /// <summary>The language for models: data, bounded loops, arrow functions, tools. Lower levels allow more of it.</summary>
    AgentScript,

    /// <summary>Documented preset <c>strict</c>.</summary>
    Strict,

    /// <summary>Documented preset <c>secure</c>.</summary>
    Secure,

    /// <summary>Documented preset <c>standard</c>.</summary>
    Standard,

    /// <summary>Documented preset <c>permissive</c>.</summary>
    Permissive,

    /// <summary>
    /// All of strict JavaScript, at every level. The guard refuses only code that cannot run or is too large. For hosts
    /// that rely on the isolation around a script, not on its dialect.
    /// </summary>
    JavaScript,
}
