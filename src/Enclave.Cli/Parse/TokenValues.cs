using Enclave.JavaScript.Ast;

namespace Enclave.Cli.Parse;

using Program = Enclave.JavaScript.Ast.Program;

/// <summary>
/// Nodes that consist of one token, by their offset; pieces of templates by the complement of their offset,
/// because a piece may be empty and share its offset with another token.
/// </summary>
internal sealed class TokenValues : AstVisitor
{
    private readonly Dictionary<int, Node> _nodes = [];
    private readonly Stack<Node> _rest = new();

    private TokenValues()
    {
    }

    public static Dictionary<int, Node> Of(Program program)
    {
        var values = new TokenValues();
        values._rest.Push(program);
        while (values._rest.TryPop(out Node? node)) values.Add(node);
        return values._nodes;
    }

    // An explicit stack: deep trees must not overflow the thread's.
    public override void Visit(Node node) => _rest.Push(node);

    // new and import remain keywords in new.target and import.meta.
    protected override void VisitMetaProperty(MetaProperty node) => Visit(node.Property);

    private void Add(Node node)
    {
        if (node.Kind == NodeKind.TemplateElement) _nodes[~node.Start] = node;
        else if (node.Kind is >= NodeKind.Identifier and <= NodeKind.RegExpLiteral) _nodes[node.Start] = node;
        else base.Visit(node);
    }
}
