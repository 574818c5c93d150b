using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Parsing;

/// <summary>Nodes that stand for nothing of the text.</summary>
internal static class Placeholder
{
    // Replaces a node after an error. Callers do not get the tree then.
    public static readonly Identifier Missing = new(0, 0, "");
    public static readonly EmptyStatement MissingStatement = new(0, 0);
    public static readonly StringLiteral MissingString = new(0, 0, "");

    /// <summary>Replaces a statement that consists of types only. Lists leave it out.</summary>
    public static readonly EmptyStatement Erased = new(0, 0);

    /// <summary>The replacement of a statement of types only, at a place: where one statement has to stand, an empty one.</summary>
    public static EmptyStatement ErasedAt(StatementPlace place, int end) => place <= StatementPlace.List ? Erased : new EmptyStatement(end, end);

    /// <summary>Stands for code that is refused: the name is declared, and the statements are judged.</summary>
    public static BlockStatement Stead(int start, int end, Identifier? name, ImmutableArray<Statement> statements) =>
        new(start, end, name is null ? statements : [Declared(name), .. statements]);

    public static VariableDeclaration Declared(Identifier name) =>
        new(name.Start, name.End, [new VariableDeclarator(name.Start, name.End, name, null)], VariableKind.Var);
}
