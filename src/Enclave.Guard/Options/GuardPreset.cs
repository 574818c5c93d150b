namespace Enclave.Guard;

/// <summary>Sets of rules. Default: <see cref="AgentScript"/>, at every level.</summary>
public enum GuardPreset
{
    /// <summary>The language for models: data, bounded loops, arrow functions, tools. The level widens it.</summary>
    AgentScript,

    /// <summary>Documented preset <c>strict</c>.</summary>
    Strict,

    /// <summary>Documented preset <c>secure</c>.</summary>
    Secure,

    /// <summary>Documented preset <c>standard</c>.</summary>
    Standard,

    /// <summary>Documented preset <c>permissive</c>.</summary>
    Permissive,

    /// <summary>All of strict JavaScript, at every level: nothing is refused but what cannot run and what is too large. For whoever relies on the walls around a script and not on its dialect.</summary>
    JavaScript,
}
