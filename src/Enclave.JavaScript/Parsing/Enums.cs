using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Enums. A whole program is needed to know what their values name, so that <see cref="EnumCompiler"/> makes the objects at its end.</summary>
internal static class Enums
{
    // enum E { A, B = 1 }, const enum E { … }.
    public static Statement ParseEnum(ProgramParser p, StatementPlace place)
    {
        if (p.State.Ambient > 0) return SkipEnum(p, place);
        int start = p.Token.Start;
        if (!Statements.OpensList(p, place, "An enum")) return Placeholder.MissingStatement;
        p.Eat(TokenType.Const);
        p.Next();
        Identifier name = Identifiers.ParseIdentifier(p);
        bool isFirst = !p.Scopes.IsEnumHere(p.Names.Find(name.Name));
        Identifiers.CheckBinding(p, name, DeclarationKind.Enum);
        int open = p.Token.Start;
        p.Expect(TokenType.LeftBrace);
        // The TypeScript compiler writes an enum as a function, so no jump leads out of the enum.
        FunctionState outer = Functions.EnterFunction(p, FunctionForm.Plain, SyntaxContext.Enum);
        ImmutableArray<EnumMember>.Builder members = ImmutableArray.CreateBuilder<EnumMember>();
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            members.Add(ParseEnumMember(p));
            p.Separate(TokenType.RightBrace);
        }

        Functions.LeaveFunction(p, in outer);
        p.Next();
        if (p.Failed) return Placeholder.MissingStatement;
        VariableKind? declares = !isFirst ? null : place == StatementPlace.Top ? VariableKind.Var : VariableKind.Let;
        var draft = new EnumDraft(start, open, p.Token.LastEnd, name, declares, members.DrainToImmutable());
        p.EnumDrafts.Add(draft);
        return draft.Placeholder;
    }

    private static EnumMember ParseEnumMember(ProgramParser p)
    {
        int start = p.Token.Start;
        if (!p.Enter()) return default;
        PropertyName name = Objects.ParsePropertyName(p);
        Expression key = name.Key is TemplateLiteral { Expressions.IsEmpty: true, Quasis: [{ Cooked: { } cooked }] }
            ? new StringLiteral(name.Key.Start, name.Key.End, cooked)
            : name.Key;
        string? text = key switch
        {
            Identifier word when !name.IsComputed => word.Name,
            StringLiteral literal => literal.Value,
            _ => null,
        };
        if (text is null) p.EarlyError(key.Start, "The name of an enum's member has to be a word or a string");
        // On an object this name sets the prototype, so the member would be lost.
        else if (text == "__proto__") p.EarlyError(start, "A member of an enum cannot be named '__proto__'");
        Expression? value = p.Eat(TokenType.Assign) ? Expressions.ParseAssignment(p) : null;
        p.Leave();
        return new EnumMember(start, p.Token.LastEnd, key, text ?? "", value);
    }

    private static EmptyStatement SkipEnum(ProgramParser p, StatementPlace place)
    {
        p.Eat(TokenType.Const);
        p.Next();
        p.SkipName();
        p.Expect(TokenType.LeftBrace);
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            Types.SkipMemberName(p);
            if (p.Eat(TokenType.Assign)) Expressions.ParseAssignment(p);
            p.Separate(TokenType.RightBrace);
        }

        p.Next();
        p.State.DescribesValue = true;
        return Placeholder.ErasedAt(place, p.Token.LastEnd);
    }

    // export enum E { … }: the first declaration of the name exports it.
    public static Statement ParseExportedEnum(ProgramParser p, StatementPlace place)
    {
        int start = p.Token.Start;
        if (!Modules.AllowsModuleItem(p, place)) return Placeholder.MissingStatement;
        p.Next();
        Statement statement = Statements.ParseStatement(p, StatementPlace.Top);
        if (statement is not VariableDeclaration) return statement;
        Modules.AddDeclaredExports(p, statement);
        return new ExportNamedDeclaration(start, p.Token.LastEnd, statement, [], null, []);
    }

    /// <summary>Notes that a type was erased behind an operand.</summary>
    public static void NoteErased(ProgramParser p)
    {
        if (p.Allows(SyntaxContext.Enum)) p.AssertedEnds.Add(p.Token.LastEnd);
    }

    /// <summary>Replaces the drafts in a program by the compiled enums.</summary>
    public static Program CompileEnums(ProgramParser p, Program program)
    {
        if (p.EnumDrafts.Count == 0) return program;
        try
        {
            return EnumCompiler.Compile(program, p.EnumDrafts.Items.ToArray(), [.. p.AssertedEnds.Items], p.Meter, p.Fail);
        }
        catch (InsufficientExecutionStackException)
        {
            p.Fail(ParseErrorCode.TooDeep, p.EnumDrafts[0].Placeholder.Start, "The text is nested deeper than the stack of this thread allows");
            return program;
        }
    }
}
