namespace Enclave;

/// <summary>Languages of scripts. The checked and executed program is always JavaScript: types are checked for syntax and dropped.</summary>
public enum ScriptLanguage
{
    /// <summary>JavaScript; TypeScript if the text is not JavaScript.</summary>
    Either,

    /// <summary>Only JavaScript: a text with types is refused.</summary>
    JavaScript,

    /// <summary>TypeScript that only adds types. <c>a &lt; b &gt; (c)</c> is a call here, and two comparisons in JavaScript.</summary>
    TypeScript,
}
