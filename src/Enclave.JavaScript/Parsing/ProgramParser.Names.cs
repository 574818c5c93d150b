using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Identifiers, and the places where some of them are reserved (ECMA-262 12.7.2, 13.1); private names (15.7.1).</summary>
internal sealed partial class ProgramParser
{
    private static readonly string s_arguments = KnownName.Contextual[KnownName.Arguments];
    private static readonly string s_eval = KnownName.Contextual[KnownName.Eval];
    private static readonly string s_let = KnownName.Contextual[KnownName.Let];
    private static readonly string s_constructor = KnownName.Contextual[KnownName.Constructor];

    /// <summary>Reads an identifier: a reference, a binding or a label.</summary>
    private Identifier ParseIdentifier()
    {
        if (Token.Type != TokenType.Identifier)
        {
            Unexpected("a name");
            return s_missing;
        }

        var identifier = new Identifier(Token.Start, Token.End, Names.Text(Token.Name));
        if (Token.Name <= KnownName.LastStrictReserved) CheckReserved(Token.Name, Token.Start);
        Next();
        return identifier;
    }

    /// <summary>Reads a name that may be a reserved word: a key, or a name behind a dot.</summary>
    private Identifier ParseIdentifierName()
    {
        if (Token.Type is not (TokenType.Identifier or TokenType.EscapedReservedWord or TokenType.In or TokenType.InstanceOf or >= TokenType.Break))
        {
            Unexpected("a name");
            return s_missing;
        }

        var identifier = new Identifier(Token.Start, Token.End, Names.Text(Token.Name));
        Next();
        return identifier;
    }

    private void CheckReserved(int name, int at)
    {
        if (State.Ambient > 0) return;
        switch (name)
        {
            case KnownName.Yield or KnownName.Await or KnownName.Arguments when Allows(SyntaxContext.Enum):
                EarlyError(at, $"'{Names.Text(name)}' cannot be used in the values of an enum");
                break;
            case KnownName.Yield when Allows(SyntaxContext.Yield):
                EarlyError(at, "'yield' cannot be a name in a generator");
                break;
            case KnownName.Await when Allows(SyntaxContext.Await):
                EarlyError(at, "'await' cannot be a name in async code");
                break;
            case KnownName.Await when IsModule:
                EarlyError(at, "'await' is reserved in modules");
                break;
            case KnownName.Await when Allows(SyntaxContext.NoAwait):
                EarlyError(at, "'await' cannot be used in a static block");
                break;
            case KnownName.Await:
                // The text may turn out to be the parameters of an async arrow function.
                if (State.Function.AwaitNameAt == 0) State.Function.AwaitNameAt = at + 1;
                break;
            case KnownName.Arguments when Allows(SyntaxContext.NoArguments):
                EarlyError(at, "'arguments' cannot be used in the fields and static blocks of a class");
                break;
            case >= KnownName.FirstStrictReserved and <= KnownName.LastStrictReserved when State.Function.Strict:
                EarlyError(at, $"'{Names.Text(name)}' is reserved in strict code");
                break;
        }
    }

    private PrivateIdentifier ParsePrivateName()
    {
        string name = Names.Text(Token.Name);
        var identifier = new PrivateIdentifier(Token.Start, Token.End, name);
        if (State.ClassDepth == 0) EarlyError(Token.Start, $"The private name '#{name}' can only be used in a class that declares it");
        PrivateNames.Add(name, Token.Start);
        Next();
        return identifier;
    }

    /// <summary>Marks the uses of a class's private names when the class ends. Outside of all classes, unmarked uses are errors.</summary>
    private void ResolvePrivateNames(Dictionary<string, PrivateKind>? declared, int firstUse)
    {
        if (declared is not null)
        {
            foreach (string name in declared.Keys) PrivateNames.Declare(name, firstUse);
        }

        if (State.ClassDepth > 0) return;
        if (PrivateNames.FirstUndeclared() is { } use) EarlyError(use.Offset, $"The private name '#{use.Name}' is not declared in a class around it");
        PrivateNames.Clear();
    }

    /// <summary>Declares a binding identifier, or checks it as a target of assignment.</summary>
    private void CheckBinding(Identifier identifier, DeclarationKind kind)
    {
        if (State.Ambient > 0) return;
        string name = identifier.Name;
        // Equal names are one string, see NameTable.
        if (State.Function.Strict && (ReferenceEquals(name, s_eval) || ReferenceEquals(name, s_arguments)))
        {
            EarlyError(identifier.Start, $"'{name}' cannot be {(kind == DeclarationKind.None ? "assigned to" : "declared")} in strict code");
            return;
        }

        if (kind == DeclarationKind.None) return;
        if (kind is DeclarationKind.Lexical or DeclarationKind.Enum && ReferenceEquals(name, s_let))
        {
            EarlyError(identifier.Start, "'let' cannot be the name of a lexical declaration");
            return;
        }

        int number = Names.Find(name);
        if (!Scopes.TryDeclare(number, kind) && !Failed) EarlyError(identifier.Start, $"'{name}' is already declared in this scope");
        if (kind != DeclarationKind.Parameter) return;
        if (Scopes.IsParameterSince(number, State.ParametersSince) && State.RepeatedParameter < 0) State.RepeatedParameter = identifier.Start;
    }
}
