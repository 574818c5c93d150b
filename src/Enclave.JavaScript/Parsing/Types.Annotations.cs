using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>
/// TypeScript. Types are checked for syntax and leave no trace: no node, and no effect on <see cref="TokenState.LastEnd"/>. So every node has the offsets
/// that it would have if each type were blanks.
/// </summary>
internal static partial class Types
{
    /// <summary>Reads an optional colon and type.</summary>
    public static void SkipAnnotation(ProgramParser p)
    {
        if (p.Token.Type != TokenType.Colon) return;
        int end = p.Token.LastEnd;
        p.Next();
        SkipType(p);
        p.Token.LastEnd = end;
    }

    /// <summary>Reads an optional colon and type or type predicate.</summary>
    public static void SkipReturnAnnotation(ProgramParser p)
    {
        if (p.Token.Type != TokenType.Colon) return;
        int end = p.Token.LastEnd;
        p.Next();
        SkipReturnType(p);
        p.Token.LastEnd = end;
    }

    /// <summary>True if the question mark marks a parameter as optional and does not begin a conditional.</summary>
    public static bool MarksOptional(ProgramParser p)
    {
        int at = p.PeekToken(p.Token.Position, out _);
        return p.Peek(at) is ':' or ',' or ')' || (p.Peek(at) == '=' && p.Peek(at + 1) is not ('=' or '>'));
    }
}
