using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Parsing;

/// <summary>How a text is read, and how large it may be.</summary>
public sealed record ParserOptions
{
    /// <summary>A script of ECMAScript 2025, with the default bounds.</summary>
    public static ParserOptions Script { get; } = new();

    /// <summary>A module of ECMAScript 2025, with the default bounds.</summary>
    public static ParserOptions Module { get; } = new() { Goal = SourceGoal.Module };

    /// <summary>The goal symbol. Default: script.</summary>
    public SourceGoal Goal { get; init; }

    /// <summary>What is allowed at top level beyond the goal's own syntax. Default: nothing.</summary>
    public TopLevel TopLevel { get; init; }

    /// <summary>The edition of the language. Default: ECMAScript 2025.</summary>
    public LanguageEdition Edition { get; init; }

    /// <summary>Whether comments are kept, in <see cref="ParseResult.Comments"/>. Default: no.</summary>
    public Keep Keep { get; init; }

    /// <summary>Longest text, in UTF-16 units. Range: 1 to 2^30. Default: 33,554,432.</summary>
    public int MaxSourceLength { get; init; } = 32 << 20;

    /// <summary>Deepest nesting of statements, expressions and patterns. Range: 10 to 1,500. Default: 1,000.</summary>
    /// <remarks>Measured: a level costs at most about 600 bytes of stack, and a thread-pool thread has 1.5 MiB. What other reason there is to run out of stack ends with the same error.</remarks>
    public int MaxDepth { get; init; } = 1_000;

    /// <summary>Longest chain of operators of one kind, accesses or calls, as in <c>a + a + a</c> or <c>a.b.c</c>. Range: 10 to 4,000. Default: 4,000.</summary>
    /// <remarks>Such a chain is as deep a tree as its length, so whoever walks the tree needs the bound.</remarks>
    public int MaxChain { get; init; } = 4_000;

    /// <summary>Longest identifier, in UTF-16 units. Range: 1 to 2^20. Default: 65,536.</summary>
    public int MaxIdentifierLength { get; init; } = 65_536;

    /// <summary>Longest number or regular expression, in UTF-16 units. Range: 1 to 2^20. Default: 65,536.</summary>
    public int MaxLiteralLength { get; init; } = 65_536;

    /// <summary>Longest string or piece of a template, in UTF-16 units. Range: 1 to 2^30. Default: 33,554,432.</summary>
    public int MaxStringLength { get; init; } = 32 << 20;
}

/// <summary>Syntax allowed at top level beyond the goal's own.</summary>
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

/// <summary>Editions of the language that differ for this parser.</summary>
public enum LanguageEdition : byte
{
    /// <summary>ECMA-262, 16th edition.</summary>
    Es2025,

    /// <summary>ECMAScript 2025 and explicit resource management: using and await using declarations.</summary>
    Latest,
}

/// <summary>What a parse keeps beside the tree.</summary>
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
