using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>
/// TypeScript. Types are checked for syntax and leave no trace: no node, and no effect on <see cref="Tokenizer.LastEnd"/>. So every node has the offsets
/// that it would have if each type were blanks.
/// </summary>
internal sealed partial class ProgramParser
{
    // Replaces a statement that consists of types only. Lists leave it out.
    private static readonly EmptyStatement s_erased = new(0, 0);

    /// <summary>True if the text is TypeScript. Plain JavaScript pays one test of this field wherever a type could begin.</summary>
    private bool _isTyped;

    /// <summary>The number of ambient declarations around this place. Names inside them are neither declared nor checked.</summary>
    private int _ambient;

    /// <summary>True if one of them begins with 'declare'. TypeScript that cannot be erased elsewhere is only a description there.</summary>
    private bool _isDescribed;

    /// <summary>The start of the token behind the last erased type or '!' of an expression.</summary>
    private int _erasedAt;

    /// <summary>The start of the token behind the last 'as', 'satisfies' or angle bracket assertion. No assignment can follow.</summary>
    private int _assertedAt;

    private void BeginTypes(SourceLanguage language)
    {
        _isTyped = language != SourceLanguage.JavaScript;
        _isDescribed = language == SourceLanguage.TypeScriptDeclarations;
        _ambient = _isDescribed ? 1 : 0;
        _erasedAt = _assertedAt = -1;
        _parameterProperties = _parameterFields = null;
        _enums.Clear();
        _refused.Clear();
        _assertedEnds.Clear();
        Trials = 0;
        _trialLimitAt = -1;
    }

    private void EndTypes()
    {
        if (!_isTyped) return;
        _typeArgumentVerdicts.Clear();
        _notArrows.Clear();
        _brackets.Clear();
        _enums.Clear();
        _assertedEnds.Clear();
    }

    private EmptyStatement Erased(StatementPlace place) => place <= StatementPlace.List ? s_erased : new EmptyStatement(LastEnd, LastEnd);

    /// <summary>Reads a token and drops it.</summary>
    private void Drop()
    {
        int end = LastEnd;
        Next();
        LastEnd = end;
    }

    private bool DropIf(TokenType type)
    {
        if (Type != type) return false;
        Drop();
        return true;
    }

    /// <summary>Reads an optional colon and type.</summary>
    private void SkipAnnotation()
    {
        if (Type != TokenType.Colon) return;
        int end = LastEnd;
        Next();
        SkipType();
        LastEnd = end;
    }

    /// <summary>Reads an optional colon and type or type predicate.</summary>
    private void SkipReturnAnnotation()
    {
        if (Type != TokenType.Colon) return;
        int end = LastEnd;
        Next();
        SkipReturnType();
        LastEnd = end;
    }

    // let x!: T
    private void SkipVariableType()
    {
        if (Type == TokenType.Not && !NewlineBefore) Drop();
        SkipAnnotation();
    }

    /// <summary>True if the question mark marks a parameter as optional and does not begin a conditional.</summary>
    private bool MarksOptional()
    {
        int at = PeekToken(Position, out _);
        return Peek(at) is ':' or ',' or ')' || (Peek(at) == '=' && Peek(at + 1) is not ('=' or '>'));
    }

    /// <summary>True if a word that is not reserved stands at an offset.</summary>
    private bool IsNameAt(int at)
    {
        if (!BeginsName(at)) return false;
        int end = WordEnd(at);
        return Peek(at) == '\\' || Names.Type(Names.Find(Source.AsSpan(at, end - at))) == TokenType.Identifier;
    }

    private int WordEnd(int at)
    {
        while (IsPartAt(at)) at += char.IsHighSurrogate(Peek(at)) && char.IsLowSurrogate(Peek(at + 1)) ? 2 : 1;
        return at;
    }

    private bool IsAnyWordAt(int at) => Peek(at) == '\\' || (at < Source.Length && Text.UnicodeIdentifier.IsStart(CodePointAt(at)));

    private bool IsWord => Type is TokenType.Identifier or TokenType.EscapedReservedWord or TokenType.In or TokenType.InstanceOf or >= TokenType.Break;

    private void SkipWord()
    {
        if (IsWord) Next();
        else Unexpected("a name");
    }

    private void SkipName()
    {
        if (Type == TokenType.Identifier) Next();
        else Unexpected("a name");
    }
}
