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

    private readonly List<PrivateUse> _privateUses = [];
    private readonly Dictionary<string, int> _privateNames = [];
    private int _classDepth;

    /// <summary>A use of a private name, and the previous use of the same name, counted from 1.</summary>
    private record struct PrivateUse(string Name, int Offset, int Before, bool Declared);

    /// <summary>Reads an identifier: a reference, a binding or a label.</summary>
    private Identifier ParseIdentifier()
    {
        if (Type != TokenType.Identifier)
        {
            Unexpected("a name");
            return s_missing;
        }

        var identifier = new Identifier(Start, End, Names.Text(Name));
        if (Name <= KnownName.LastStrictReserved) CheckReserved(Name, Start);
        Next();
        return identifier;
    }

    /// <summary>Reads a name that may be a reserved word: a key, or a name behind a dot.</summary>
    private Identifier ParseIdentifierName()
    {
        if (Type is not (TokenType.Identifier or TokenType.EscapedReservedWord or TokenType.In or TokenType.InstanceOf or >= TokenType.Break))
        {
            Unexpected("a name");
            return s_missing;
        }

        var identifier = new Identifier(Start, End, Names.Text(Name));
        Next();
        return identifier;
    }

    private void CheckReserved(int name, int at)
    {
        if (_ambient > 0) return;
        switch (name)
        {
            case KnownName.Yield or KnownName.Await or KnownName.Arguments when Allows(Context.Enum):
                EarlyError(at, $"'{Names.Text(name)}' cannot be used in the values of an enum");
                break;
            case KnownName.Yield when Allows(Context.Yield):
                EarlyError(at, "'yield' cannot be a name in a generator");
                break;
            case KnownName.Await when Allows(Context.Await):
                EarlyError(at, "'await' cannot be a name in async code");
                break;
            case KnownName.Await when IsModule:
                EarlyError(at, "'await' is reserved in modules");
                break;
            case KnownName.Await when Allows(Context.NoAwait):
                EarlyError(at, "'await' cannot be used in a static block");
                break;
            case KnownName.Await:
                // The text may turn out to be the parameters of an async arrow function.
                if (_awaitNameAt == 0) _awaitNameAt = at + 1;
                break;
            case KnownName.Arguments when Allows(Context.NoArguments):
                EarlyError(at, "'arguments' cannot be used in the fields and static blocks of a class");
                break;
            case >= KnownName.FirstStrictReserved and <= KnownName.LastStrictReserved when _strict:
                EarlyError(at, $"'{Names.Text(name)}' is reserved in strict code");
                break;
        }
    }

    private PrivateIdentifier ParsePrivateName()
    {
        string name = Names.Text(Name);
        var identifier = new PrivateIdentifier(Start, End, name);
        if (_classDepth == 0) EarlyError(Start, $"The private name '#{name}' can only be used in a class that declares it");
        _privateNames.TryGetValue(name, out int before);
        _privateUses.Add(new PrivateUse(name, Start, before, false));
        _privateNames[name] = _privateUses.Count;
        Next();
        return identifier;
    }

    /// <summary>Marks the uses of a class's private names when the class ends. Outside of all classes, unmarked uses are errors.</summary>
    private void ResolvePrivateNames(Dictionary<string, PrivateKind>? declared, int firstUse)
    {
        if (declared is not null)
        {
            foreach (string name in declared.Keys) MarkUses(name, firstUse);
        }

        if (_classDepth > 0) return;
        foreach (PrivateUse use in _privateUses)
        {
            if (use.Declared) continue;
            EarlyError(use.Offset, $"The private name '#{use.Name}' is not declared in a class around it");
            break;
        }

        _privateUses.Clear();
        _privateNames.Clear();
    }

    private void MarkUses(string name, int firstUse)
    {
        if (!_privateNames.TryGetValue(name, out int at)) return;
        for (; at > firstUse; at = _privateUses[at - 1].Before) _privateUses[at - 1] = _privateUses[at - 1] with { Declared = true };
        // Each use is marked once, by the innermost class that declares it.
        _privateNames[name] = at;
    }
}
