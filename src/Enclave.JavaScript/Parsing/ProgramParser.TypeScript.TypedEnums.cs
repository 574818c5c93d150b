using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Enums. A whole program is needed to know what their values name, so that <see cref="EnumCompiler"/> makes the objects at its end.</summary>
internal sealed partial class ProgramParser
{
    private readonly List<EnumDraft> _enums = [];

    /// <summary>Ends of the operands in enums that a type was erased behind: the compiler does not look through those for a value.</summary>
    private readonly HashSet<int> _assertedEnds = [];

    // enum E { A, B = 1 }, const enum E { … }.
    private Statement ParseEnum(StatementPlace place)
    {
        if (_ambient > 0) return SkipEnum(place);
        int start = Start;
        if (!OpensList(place, "An enum")) return s_missingStatement;
        Eat(TokenType.Const);
        Next();
        Identifier name = ParseIdentifier();
        bool isFirst = !IsEnumHere(name.Name);
        CheckBinding(name, BindingKind.Enum);
        int open = Start;
        Expect(TokenType.LeftBrace);
        // A function, as which the compiler writes it: no jump leads out of it.
        Outer outer = EnterFunction(FunctionForm.Plain, Context.Enum);
        ImmutableArray<EnumMember>.Builder members = ImmutableArray.CreateBuilder<EnumMember>();
        while (Type != TokenType.RightBrace && !Failed)
        {
            members.Add(ParseEnumMember());
            Separate(TokenType.RightBrace);
        }

        LeaveFunction(in outer);
        Next();
        if (Failed) return s_missingStatement;
        VariableKind? declares = !isFirst ? null : place == StatementPlace.Top ? VariableKind.Var : VariableKind.Let;
        var draft = new EnumDraft(start, open, LastEnd, name, declares, members.DrainToImmutable());
        _enums.Add(draft);
        return draft.Placeholder;
    }

    private EnumMember ParseEnumMember()
    {
        int start = Start;
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
        return new EnumMember(start, LastEnd, key, text ?? "", value);
    }

    private EmptyStatement SkipEnum(StatementPlace place)
    {
        Eat(TokenType.Const);
        Next();
        SkipName();
        Expect(TokenType.LeftBrace);
        while (Type != TokenType.RightBrace && !Failed)
        {
            SkipMemberName();
            if (Eat(TokenType.Assign)) ParseAssignment();
            Separate(TokenType.RightBrace);
        }

        Next();
        _describesValue = true;
        return Erased(place);
    }

    // export enum E { … }: the first declaration of the name exports it.
    private Statement ParseExportedEnum(StatementPlace place)
    {
        int start = Start;
        if (!AllowsModuleItem(place)) return s_missingStatement;
        Next();
        Statement statement = ParseStatement(StatementPlace.Top);
        if (statement is not VariableDeclaration) return statement;
        AddDeclaredExports(statement);
        return new ExportNamedDeclaration(start, LastEnd, statement, [], null, []);
    }

    /// <summary>Notes that a type was erased behind an operand.</summary>
    private void NoteErased()
    {
        if (Allows(Context.Enum)) _assertedEnds.Add(LastEnd);
    }

    private bool IsEnumHere(string name)
    {
        int number = Names.Find(name);
        return number < _nameStates.Length && IsDeclaredHere(number) && _declarations[_nameStates[number].Declaration - 1].Kind == BindingKind.Enum;
    }

    /// <summary>Replaces the drafts in a program by what they become.</summary>
    private Program CompileEnums(Program program)
    {
        if (_enums.Count == 0) return program;
        try
        {
            return EnumCompiler.Compile(program, _enums, _assertedEnds, Meter, Fail);
        }
        catch (InsufficientExecutionStackException)
        {
            Fail(ParseErrorCode.TooDeep, _enums[0].Placeholder.Start, "The text is nested deeper than the stack of this thread allows");
            return program;
        }
    }
}
