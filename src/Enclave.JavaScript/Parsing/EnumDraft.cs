using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Parsing;

/// <summary>An enum as the parser read it.</summary>
internal sealed class EnumDraft
{
    /// <param name="declares">The declaration that it makes; null if an enum of the name stands before it in its scope, to which it adds members.</param>
    public EnumDraft(int start, int open, int end, Identifier name, VariableKind? declares, ImmutableArray<EnumMember> members)
    {
        (Name, Members, Open, End) = (name, members, open, end);
        ImmutableArray<Statement> values =
        [
            .. members.Where((member) => member.Value is not null)
                .Select((member) => new ExpressionStatement(member.Value!.Start, member.Value.End, member.Value, null)),
        ];
        Body = new ArrowFunctionExpression(name.Start, end, false, [new Identifier(name.Start, name.End, name.Name)], new BlockStatement(open, end, values));
        var call = new CallExpression(name.Start, end, Body, [], false);
        Placeholder = declares is { } kind
            ? new VariableDeclaration(start, end, [new VariableDeclarator(name.Start, end, name, call)], kind)
            : new BlockStatement(start, end, [new ExpressionStatement(start, end, name, null), new ExpressionStatement(open, end, call, null)]);
    }

    /// <summary>Its name, which the placeholder declares or refers to.</summary>
    public Identifier Name { get; }

    public ImmutableArray<EnumMember> Members { get; }

    /// <summary>The offset of its brace.</summary>
    public int Open { get; }

    public int End { get; }

    /// <summary>The function around the values in the placeholder: the scope of the members' names.</summary>
    public ArrowFunctionExpression Body { get; }

    /// <summary>The placeholder in the tree until the whole program is read. It has the scopes, declarations and references of the enum.</summary>
    public Statement Placeholder { get; }
}

/// <summary>A member of an enum.</summary>
/// <param name="Start">Where its name begins.</param>
/// <param name="End">Where its value ends.</param>
/// <param name="Key">Its name: an identifier or a string.</param>
/// <param name="Name">The text of its name.</param>
/// <param name="Value">The written value; null if there is none.</param>
internal readonly record struct EnumMember(int Start, int End, Expression Key, string Name, Expression? Value);
