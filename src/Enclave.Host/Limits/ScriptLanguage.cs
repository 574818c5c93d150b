namespace Enclave;

/// <summary>Languages that a script may be written in. What is judged and runs is always JavaScript: types are checked for syntax and dropped.</summary>
public enum ScriptLanguage
{
    /// <summary>JavaScript; TypeScript if the text is no JavaScript.</summary>
    Either,

    /// <summary>JavaScript alone: a text with types is refused.</summary>
    JavaScript,

    /// <summary>TypeScript, where it only adds types. <c>a &lt; b &gt; (c)</c> is a call here, and two comparisons in JavaScript.</summary>
    TypeScript,
}
