using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Parsing;

/// <summary>All that the parser changes while it reads, beside the token and the arenas.</summary>
internal struct ParserState
{
    /// <summary>The state before the first token of a text.</summary>
    public static readonly ParserState First = new() { ArrowAt = -1, ErasedAt = -1, AssertedAt = -1, LegacyAt = -1 };

    /// <summary>The part of the state that belongs to the innermost function.</summary>
    public FunctionState Function;

    /// <summary>Collects the fields that the next parameters declare; null if they are not those of a constructor.</summary>
    public List<Identifier>? ParameterProperties;

    /// <summary>The fields that the constructor which was just read declares.</summary>
    public List<Identifier>? ParameterFields;

    /// <summary>The levels of nesting around this place.</summary>
    public int Depth;

    /// <summary>The length of the longest chain of operators, accesses or calls in the expression that was just read.</summary>
    public int Chain;

    /// <summary>The last place where an assignment expression began with a name or a parenthesis: an arrow function may begin there.</summary>
    public int ArrowAt;

    /// <summary>The number of classes around this place.</summary>
    public int ClassDepth;

    /// <summary>The number of ambient declarations around this place. Names inside them are neither declared nor checked.</summary>
    public int Ambient;

    /// <summary>The start of the token behind the last erased type or '!' of an expression.</summary>
    public int ErasedAt;

    /// <summary>The start of the token behind the last 'as', 'satisfies' or angle bracket assertion. No assignment can follow.</summary>
    public int AssertedAt;

    /// <summary>The first octal escape or number with a leading 0 among the directives; -1 if there is none.</summary>
    public int LegacyAt;

    /// <summary>The time at which the declaration of the current function's parameters began.</summary>
    public int ParametersSince;

    /// <summary>The first parameter with the name of another; -1 if there is none.</summary>
    public int RepeatedParameter;

    public ForInit ArrowInit;

    /// <summary>
    /// True if one of the ambient declarations begins with 'declare'. TypeScript that cannot be erased elsewhere is only a description there.
    /// </summary>
    public bool IsDescribed;

    /// <summary>True if an erased statement described more than types: then the namespace around it exists at run time.</summary>
    public bool DescribesValue;

    /// <summary>True if the directives that were read last contain 'use strict'.</summary>
    public bool HasStrictDirective;

    /// <summary>True if 'infer U extends V ?' took the word and the type behind it away from the conditional type around it.</summary>
    public bool TookExtends;
}

/// <summary>The part of the state that a function sets for itself, and gives back when it ends.</summary>
internal struct FunctionState
{
    /// <summary>Labels below this belong to the functions around this one.</summary>
    public int FirstLabel;

    // Offsets plus 1 of the first yield expression, the first await expression and the first await used as a name, within text that may become parameters.
    public int YieldAt;
    public int AwaitAt;
    public int AwaitNameAt;
    public SyntaxContext Context;
    public bool Strict;
}
