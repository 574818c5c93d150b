using System.Collections.Immutable;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas.Calls;

/// <summary>The form of a value that comes from a tool's answer, as far as the text of a script shows it.</summary>
internal sealed class AnswerShape
{
    private AnswerShape(ShapeKind kind, string tool) => (Kind, Tool) = (kind, tool);

    public ShapeKind Kind { get; }

    /// <summary>The tool that answered.</summary>
    public string Tool { get; }

    /// <summary>The schema of a value.</summary>
    public SchemaNode? Schema { get; private init; }

    /// <summary>The form of a promise's value, of a list's items, or of a function's result; null if it is unknown.</summary>
    public AnswerShape? Inner { get; private init; }

    /// <summary>The forms of the items of an array literal; null for unknown ones.</summary>
    public ImmutableArray<AnswerShape?> Parts { get; private init; } = [];

    public static AnswerShape ValueOf(string tool, SchemaNode schema) => new(ShapeKind.Value, tool) { Schema = schema };

    /// <summary>False for a promise of a function of the script or of a global. <see cref="Tool"/> is then the name of that function.</summary>
    public bool IsOfTool { get; private init; } = true;

    public static AnswerShape PromiseOf(string tool, AnswerShape? inner, bool isOfTool = true) =>
        new(ShapeKind.Promise, tool) { Inner = inner, IsOfTool = isOfTool };

    public static AnswerShape ListOf(AnswerShape inner) => new(ShapeKind.List, inner.Tool) { Inner = inner, IsOfTool = inner.IsOfTool };

    public static AnswerShape FunctionOf(AnswerShape inner) => new(ShapeKind.Function, inner.Tool) { Inner = inner, IsOfTool = inner.IsOfTool };

    /// <summary>The form of an array literal; null if nothing is known of its items.</summary>
    public static AnswerShape? TupleOf(ImmutableArray<AnswerShape?> parts) =>
        parts.FirstOrDefault((part) => part is not null) is { } known ? new AnswerShape(ShapeKind.Tuple, known.Tool) { Parts = parts } : null;

    /// <summary>The form of the awaited value.</summary>
    public static AnswerShape? Awaited(AnswerShape? shape) => shape is { Kind: ShapeKind.Promise } ? shape.Inner : shape;

    /// <summary>The form of the items of an array; null if it is unknown.</summary>
    public AnswerShape? Item(CheckBudget budget) => Kind switch
    {
        ShapeKind.List => Inner,
        ShapeKind.Tuple when Parts.All((part) => part is not null && part.IsSame(Parts[0]!)) => Parts[0],
        ShapeKind.Value when SchemaReading.Items(Schema!, budget) is { } items => ValueOf(Tool, items),
        _ => null,
    };

    public bool IsSame(AnswerShape other) =>
        ReferenceEquals(this, other) || (Kind == other.Kind && Kind == ShapeKind.Value && ReferenceEquals(Schema, other.Schema));
}

/// <summary>The kind of an <see cref="AnswerShape"/>.</summary>
internal enum ShapeKind
{
    /// <summary>Data with a schema.</summary>
    Value,

    Promise,

    /// <summary>An array whose items have one form.</summary>
    List,

    /// <summary>An array literal.</summary>
    Tuple,

    Function,
}
