using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript;

/// <summary>How a text is parsed, and how large it may be.</summary>
public sealed record ParserOptions
{
    /// <summary>A script of ECMAScript 2025, with the default bounds.</summary>
    public static ParserOptions Script { get; } = new();

    /// <summary>A module of ECMAScript 2025, with the default bounds.</summary>
    public static ParserOptions Module { get; } = new() { Goal = SourceGoal.Module };

    /// <summary>The goal symbol. Default: script.</summary>
    public SourceGoal Goal { get; init; }

    /// <summary>The syntax allowed at top level in addition to the goal's own. Default: none.</summary>
    public TopLevel TopLevel { get; init; }

    /// <summary>Says if a script is strict from its first character, as the body of a strict function is. Modules always are. Default: sloppy.</summary>
    public LanguageMode Mode { get; init; }

    /// <summary>The edition of the language. Default: ECMAScript 2025.</summary>
    public LanguageEdition Edition { get; init; }

    /// <summary>The language of the text. Types are dropped. Default: JavaScript.</summary>
    public SourceLanguage Language { get; init; }

    /// <summary>The parts of the text to keep with the tree. Default: none.</summary>
    public Keep Keep { get; init; }

    /// <summary>Longest text, in UTF-16 units. Range: 1 to 2^30. Default: 33,554,432.</summary>
    public int MaxSourceLength { get; init => field = InRange(value, 1, 1 << 30, nameof(MaxSourceLength)); } = 32 << 20;

    /// <summary>Deepest nesting of statements, expressions and patterns. Range: 10 to 1,000. Default: 500.</summary>
    /// <remarks>
    /// Measured: a level takes at most 1.3 kB of stack before the code is optimised. A thread-pool thread has 1.5 MiB.
    /// A thread with less stack left gets the same error earlier. The deepest of 32,000 files of well-known packages needs 180.
    /// </remarks>
    public int MaxDepth { get; init => field = InRange(value, 10, 1_000, nameof(MaxDepth)); } = 500;

    /// <summary>Most operators, accesses or calls in one chain, as in <c>a + a + a</c> or <c>a.b.c</c>. Range: 10 to 4,000. Default: 1,000.</summary>
    /// <remarks>The tree of such a chain is as deep as the chain is long, so code that walks trees needs this limit. The longest of 32,000 files of
    /// well-known packages needs 110.</remarks>
    public int MaxChain { get; init => field = InRange(value, 10, 4_000, nameof(MaxChain)); } = 1_000;

    /// <summary>Longest identifier, in UTF-16 units. Range: 1 to 2^20. Default: 65,536.</summary>
    public int MaxIdentifierLength { get; init => field = InRange(value, 1, 1 << 20, nameof(MaxIdentifierLength)); } = 65_536;

    /// <summary>Longest number or regular expression, in UTF-16 units. Range: 1 to 2^20. Default: 65,536.</summary>
    public int MaxLiteralLength { get; init => field = InRange(value, 1, 1 << 20, nameof(MaxLiteralLength)); } = 65_536;

    /// <summary>Longest string or piece of a template, in UTF-16 units. Range: 1 to 2^30. Default: 33,554,432.</summary>
    public int MaxStringLength { get; init => field = InRange(value, 1, 1 << 30, nameof(MaxStringLength)); } = 32 << 20;

    private static int InRange(int value, int least, int most, string name) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} has to be between {least:N0} and {most:N0}");
}

/// <summary>Syntax allowed at top level in addition to the goal's own.</summary>
[Flags]
public enum TopLevel : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>return statements, as in the body of a function.</summary>
    Return = 1,

    /// <summary>await expressions, as in the body of an async function.</summary>
    Await = 2,

    /// <summary>new.target, as in the body of a function.</summary>
    NewTarget = 4,
}

/// <summary>The mode of a script before its directives (ECMA-262 11.2.2).</summary>
public enum LanguageMode : byte
{
    /// <summary>Sloppy code.</summary>
    Sloppy,

    /// <summary>Strict code.</summary>
    Strict,
}

/// <summary>Editions of the language with different syntax.</summary>
public enum LanguageEdition : byte
{
    /// <summary>ECMA-262, 16th edition.</summary>
    Es2025,

    /// <summary>ECMAScript 2025 and explicit resource management: using and await using declarations.</summary>
    Latest,
}

/// <summary>Languages that the parser reads. The tree is always JavaScript: types are checked for syntax and dropped.</summary>
public enum SourceLanguage : byte
{
    /// <summary>ECMAScript.</summary>
    JavaScript,

    /// <summary>TypeScript whose only code beyond JavaScript is enums and parameter properties, which are compiled.
    /// Other TypeScript gives <see cref="ParseErrorCode.NotErasable"/>.</summary>
    TypeScript,

    /// <summary>JavaScript; TypeScript if the text is not JavaScript. Of two errors, the one further into the text is reported.</summary>
    Either,

    /// <summary>A TypeScript declaration file (.d.ts): everything in it is ambient, so the tree is empty.</summary>
    TypeScriptDeclarations,
}

/// <summary>The parts of a text that a parse keeps with the tree.</summary>
[Flags]
public enum Keep : byte
{
    /// <summary>Only the tree.</summary>
    Tree = 0,

    /// <summary>Comments too.</summary>
    Comments = 1,

    /// <summary>Tokens too.</summary>
    Tokens = 2,
}
