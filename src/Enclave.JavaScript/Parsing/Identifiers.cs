using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Identifiers, and the places where some of them are reserved (ECMA-262 12.7.2, 13.1); private names (15.7.1).</summary>
internal static class Identifiers
{
    private static readonly string s_arguments = KnownName.Contextual[KnownName.Arguments];
    private static readonly string s_eval = KnownName.Contextual[KnownName.Eval];
    private static readonly string s_let = KnownName.Contextual[KnownName.Let];

    /// <summary>Reads an identifier: a reference, a binding or a label.</summary>
    public static Identifier ParseIdentifier(ProgramParser p)
    {
        if (p.Token.Type != TokenType.Identifier)
        {
            p.Unexpected("a name");
            return Placeholder.Missing;
        }

        var identifier = new Identifier(p.Token.Start, p.Token.End, p.Names.Text(p.Token.Name));
        if (p.Token.Name <= KnownName.LastStrictReserved) CheckReserved(p, p.Token.Name, p.Token.Start);
        p.Next();
        return identifier;
    }

    /// <summary>Reads a name that may be a reserved word: a key, or a name behind a dot.</summary>
    public static Identifier ParseIdentifierName(ProgramParser p)
    {
        if (p.Token.Type is not (TokenType.Identifier or TokenType.EscapedReservedWord or TokenType.In or TokenType.InstanceOf or >= TokenType.Break))
        {
            p.Unexpected("a name");
            return Placeholder.Missing;
        }

        var identifier = new Identifier(p.Token.Start, p.Token.End, p.Names.Text(p.Token.Name));
        p.Next();
        return identifier;
    }

    public static void CheckReserved(ProgramParser p, int name, int at)
    {
        if (p.State.Ambient > 0) return;
        switch (name)
        {
            case KnownName.Yield or KnownName.Await or KnownName.Arguments when p.Allows(SyntaxContext.Enum):
                p.EarlyError(at, $"'{p.Names.Text(name)}' cannot be used in the values of an enum");
                break;
            case KnownName.Yield when p.Allows(SyntaxContext.Yield):
                p.EarlyError(at, "'yield' cannot be a name in a generator");
                break;
            case KnownName.Await when p.Allows(SyntaxContext.Await):
                p.EarlyError(at, "'await' cannot be a name in async code");
                break;
            case KnownName.Await when p.IsModule:
                p.EarlyError(at, "'await' is reserved in modules");
                break;
            case KnownName.Await when p.Allows(SyntaxContext.NoAwait):
                p.EarlyError(at, "'await' cannot be used in a static block");
                break;
            case KnownName.Await:
                // The text may turn out to be the parameters of an async arrow function.
                if (p.State.Function.AwaitNameAt == 0) p.State.Function.AwaitNameAt = at + 1;
                break;
            case KnownName.Arguments when p.Allows(SyntaxContext.NoArguments):
                p.EarlyError(at, "'arguments' cannot be used in the fields and static blocks of a class");
                break;
            case >= KnownName.FirstStrictReserved and <= KnownName.LastStrictReserved when p.State.Function.Strict:
                p.EarlyError(at, $"'{p.Names.Text(name)}' is reserved in strict code");
                break;
        }
    }

    public static PrivateIdentifier ParsePrivateName(ProgramParser p)
    {
        string name = p.Names.Text(p.Token.Name);
        var identifier = new PrivateIdentifier(p.Token.Start, p.Token.End, name);
        if (p.State.ClassDepth == 0) p.EarlyError(p.Token.Start, $"The private name '#{name}' can only be used in a class that declares it");
        p.PrivateUses.Add(name, p.Token.Start);
        p.Next();
        return identifier;
    }

    /// <summary>Declares a binding identifier, or checks it as a target of assignment.</summary>
    public static void CheckBinding(ProgramParser p, Identifier identifier, DeclarationKind kind)
    {
        if (p.State.Ambient > 0) return;
        string name = identifier.Name;
        // Equal names are one string, see NameTable.
        if (p.State.Function.Strict && (ReferenceEquals(name, s_eval) || ReferenceEquals(name, s_arguments)))
        {
            p.EarlyError(identifier.Start, $"'{name}' cannot be {(kind == DeclarationKind.None ? "assigned to" : "declared")} in strict code");
            return;
        }

        if (kind == DeclarationKind.None) return;
        if (kind is DeclarationKind.Lexical or DeclarationKind.Enum && ReferenceEquals(name, s_let))
        {
            p.EarlyError(identifier.Start, "'let' cannot be the name of a lexical declaration");
            return;
        }

        int number = p.Names.Find(name);
        if (!p.Scopes.TryDeclare(number, kind) && !p.Failed) p.EarlyError(identifier.Start, $"'{name}' is already declared in this scope");
        if (kind != DeclarationKind.Parameter) return;
        if (p.Scopes.IsParameterSince(number, p.State.ParametersSince) && p.State.RepeatedParameter < 0) p.State.RepeatedParameter = identifier.Start;
    }
}
