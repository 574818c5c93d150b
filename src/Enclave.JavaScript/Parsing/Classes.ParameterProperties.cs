using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Parameters of constructors that declare fields: <c>constructor(private x: T)</c>.</summary>
/// <remarks>As the TypeScript compiler writes them for its target ESNext: the fields stand first in the class, and are assigned behind super(…) or the
/// directives. So the other fields get their values before.</remarks>
internal static partial class Classes
{
    /// <summary>Reads private, public, protected, readonly and override. Returns the offset of the first, or -1.</summary>
    public static int SkipParameterModifiers(ProgramParser p)
    {
        int first = -1;
        while (p.Token.Type == TokenType.Identifier && !p.Token.HasEscape && Types.IsAccessModifier(p.Token.Name))
        {
            int next = p.PeekToken(p.Token.Position, out bool newline);
            if (newline || (!p.IsNameAt(next) && p.Peek(next) is not ('{' or '[' or '.'))) break;
            if (first < 0) first = p.Token.Start;
            p.Drop();
        }

        return first;
    }

    public static void AddParameterProperty(ProgramParser p, int modifier, Node parameter, List<Identifier>? properties)
    {
        Node target = parameter is AssignmentPattern { Left: var left } ? left : parameter;
        if (properties is null) p.EarlyError(modifier, "A modifier of a parameter can only stand in the constructor of a class");
        else if (target is not Identifier name) p.EarlyError(target.Start, "A parameter that declares a field has to be a plain name");
        else if (name.Name == "constructor") p.EarlyError(name.Start, "A class cannot have a field named 'constructor'");
        else properties.Add(name);
    }

    /// <summary>The method of a constructor, with the assignments to the fields that its parameters declare.</summary>
    private static FunctionExpression? WithParameterProperties(ProgramParser p, FunctionExpression? method, List<Identifier> properties, bool isDerived)
    {
        if (properties.Count == 0 || p.Failed) return method;
        if (method is null)
        {
            p.EarlyError(properties[0].Start, "Only a constructor with a body can declare fields in its parameters");
            return null;
        }

        ImmutableArray<Statement> body = method.Body.Body;
        int at = isDerived ? FindSuper(body) + 1 : CountDirectives(body);
        if (isDerived && at == 0)
            p.EarlyError(properties[0].Start, "A constructor that declares fields in its parameters has to call super(…) in a statement of its own");
        p.State.ParameterFields = properties;
        int place = at == 0 ? method.Body.Start + 1 : body[at - 1].End;
        IEnumerable<Statement> assigned = properties.Select((name) => Assigned(name, place));
        var block = new BlockStatement(method.Body.Start, method.Body.End, [.. body[..at], .. assigned, .. body[at..]]);
        return new FunctionExpression(method.Start, method.End, null, false, false, method.Params, block);
    }

    private static int FindSuper(ImmutableArray<Statement> body)
    {
        for (int i = 0; i < body.Length; i++)
        {
            if (body[i] is ExpressionStatement { Expression: CallExpression { Callee: Super } }) return i;
        }

        return -1;
    }

    private static int CountDirectives(ImmutableArray<Statement> body)
    {
        int count = 0;
        while (count < body.Length && body[count] is ExpressionStatement { Directive: not null }) count++;
        return count;
    }

    // this.x = x, at the place of the parameter. The value is a reference, and those stand in the order of the text.
    private static ExpressionStatement Assigned(Identifier name, int place)
    {
        var field = new MemberExpression(name.Start, name.End, new ThisExpression(name.Start, name.Start), Copy(name), false, false);
        var value = new Identifier(place, place, name.Name);
        return new ExpressionStatement(name.Start, name.End, new AssignmentExpression(name.Start, name.End, AssignmentOperator.Assign, field, value), null);
    }

    private static Identifier Copy(Identifier name) => new(name.Start, name.End, name.Name);

    private static IEnumerable<Node> Fields(List<Identifier> names) =>
        names.Select((name) => new PropertyDefinition(name.Start, name.End, false, false, Copy(name), null));
}
