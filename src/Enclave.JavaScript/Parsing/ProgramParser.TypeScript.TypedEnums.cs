using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Enums. A whole program is needed to know what their values name, so that <see cref="EnumCompiler"/> makes the objects at its end.</summary>
internal sealed partial class ProgramParser
{
    // enum E { A, B = 1 }, const enum E { … }.
    private Statement ParseEnum(StatementPlace place)
    {
        if (State.Ambient > 0) return SkipEnum(place);
        int start = Token.Start;
        if (!OpensList(place, "An enum")) return s_missingStatement;
        Eat(TokenType.Const);
        Next();
        Identifier name = ParseIdentifier();
        bool isFirst = !Scopes.IsEnumHere(Names.Find(name.Name));
        CheckBinding(name, DeclarationKind.Enum);
        int open = Token.Start;
        Expect(TokenType.LeftBrace);
        // A function, as which the compiler writes it: no jump leads out of it.
        FunctionState outer = EnterFunction(FunctionForm.Plain, SyntaxContext.Enum);
        ImmutableArray<EnumMember>.Builder members = ImmutableArray.CreateBuilder<EnumMember>();
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            members.Add(ParseEnumMember());
            Separate(TokenType.RightBrace);
        }

        LeaveFunction(in outer);
        Next();
        if (Failed) return s_missingStatement;
        VariableKind? declares = !isFirst ? null : place == StatementPlace.Top ? VariableKind.Var : VariableKind.Let;
        var draft = new EnumDraft(start, open, Token.LastEnd, name, declares, members.DrainToImmutable());
        Enums.Add(draft);
        return draft.Placeholder;
    }

    private EnumMember ParseEnumMember()
    {
        int start = Token.Start;
        if (!Enter()) return default;
        PropertyName name = ParsePropertyName();
        Expression key = name.Key is TemplateLiteral { Expressions.IsEmpty: true, Quasis: [{ Cooked: { } cooked }] }
            ? new StringLiteral(name.Key.Start, name.Key.End, cooked)
            : name.Key;
        string? text = key switch
        {
            Identifier word when !name.IsComputed => word.Name,
            StringLiteral literal => literal.Value,
            _ => null,
        };
        if (text is null) EarlyError(key.Start, "The name of an enum's member has to be a word or a string");
        // On an object this name sets the prototype, so the member would be lost.
        else if (text == "__proto__") EarlyError(start, "A member of an enum cannot be named '__proto__'");
        Expression? value = Eat(TokenType.Assign) ? ParseAssignment() : null;
        Leave();
        return new EnumMember(start, Token.LastEnd, key, text ?? "", value);
    }

    private EmptyStatement SkipEnum(StatementPlace place)
    {
        Eat(TokenType.Const);
        Next();
        SkipName();
        Expect(TokenType.LeftBrace);
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            SkipMemberName();
            if (Eat(TokenType.Assign)) ParseAssignment();
            Separate(TokenType.RightBrace);
        }

        Next();
        State.DescribesValue = true;
        return Erased(place);
    }

    // export enum E { … }: the first declaration of the name exports it.
    private Statement ParseExportedEnum(StatementPlace place)
    {
        int start = Token.Start;
        if (!AllowsModuleItem(place)) return s_missingStatement;
        Next();
        Statement statement = ParseStatement(StatementPlace.Top);
        if (statement is not VariableDeclaration) return statement;
        AddDeclaredExports(statement);
        return new ExportNamedDeclaration(start, Token.LastEnd, statement, [], null, []);
    }

    /// <summary>Notes that a type was erased behind an operand.</summary>
    private void NoteErased()
    {
        if (Allows(SyntaxContext.Enum)) AssertedEnds.Add(Token.LastEnd);
    }

    /// <summary>Replaces the drafts in a program by what they become.</summary>
    private Program CompileEnums(Program program)
    {
        if (Enums.Count == 0) return program;
        try
        {
            return EnumCompiler.Compile(program, Enums.Items.ToArray(), [.. AssertedEnds.Items], Meter, Fail);
        }
        catch (InsufficientExecutionStackException)
        {
            Fail(ParseErrorCode.TooDeep, Enums[0].Placeholder.Start, "The text is nested deeper than the stack of this thread allows");
            return program;
        }
    }
}
