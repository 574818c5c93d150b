using Enclave.JavaScript.Ast;

namespace Enclave.Cli.Parse;

using Program = Enclave.JavaScript.Ast.Program;

/// <summary>The nodes that are one token, by their offset, and pieces of templates by the complement of theirs: these may be empty, and then another token begins there too.</summary>
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

    // Children wait on a list of their own: depth costs no stack.
    public override void Visit(Node node) => _rest.Push(node);

    // new and import stay words of the language in new.target and import.meta.
    protected override void VisitMetaProperty(MetaProperty node) => Visit(node.Property);

    private void Add(Node node)
    {
        if (node.Kind == NodeKind.TemplateElement) _nodes[~node.Start] = node;
        else if (node.Kind is >= NodeKind.Identifier and <= NodeKind.RegExpLiteral) _nodes[node.Start] = node;
        else base.Visit(node);
    }
}
