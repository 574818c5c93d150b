using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;

namespace Enclave.JavaScript.Tests.Ast;

/// <summary>A rewriter shares unchanged parts with the old tree and creates the others.</summary>
public sealed class AstRewriterTests
{
    [Fact]
    public void A_tree_that_nothing_changes_stays_the_same_object()
    {
        Program program = Parser.Parse("const { a, b: [c = 1] } = d; for (const e of f) g`h${i}`").Program!;

        Assert.Same(program, new Nothing().Rewrite(program));
    }

    [Fact]
    public void Only_the_way_to_a_change_is_made_anew()
    {
        Program program = Parser.Parse("a; b(c, d); e").Program!;

        var rewritten = (Program)new Rename("c", "x").Rewrite(program);

        Assert.Equal("a;b(x,d);e", Printer.Print(rewritten).TrimEnd(';'));
        Assert.Same(program.Body[0], rewritten.Body[0]);
        Assert.NotSame(program.Body[1], rewritten.Body[1]);
        Assert.Equal(program.Body[1].Start, rewritten.Body[1].Start);
    }

    [Theory]
    [InlineData("({ a })", "({a:x});")]
    [InlineData("({ a = 1 } = b)", "({a:x=1}=b);")]
    [InlineData("({ a: a })", "({x:x});")]
    [InlineData("const { a } = b", "const{a:x}=b;")]
    public void A_shorthand_property_keeps_its_key_when_its_value_is_renamed(string source, string printed) =>
        Assert.Equal(printed, Printer.Print(new Rename("a", "x").Rewrite(Parser.Parse(source).Program!)));

    [Theory]
    [InlineData("import { a } from 'm'", "import{a as x}from\"m\";")]
    [InlineData("let a; export { a }", "let x;export{x as a};")]
    public void A_name_of_another_module_stays_when_the_binding_is_renamed(string source, string printed) =>
        Assert.Equal(printed, Printer.Print(new Rename("a", "x").Rewrite(Parser.Parse(source, ParserOptions.Module).Program!)));

    [Fact]
    public void A_node_that_cannot_stand_there_is_the_rewriters_mistake() =>
        Assert.Throws<InvalidOperationException>(() => new StatementForName().Rewrite(Parser.Parse("a + b").Program!));

    private sealed class Nothing : AstRewriter;

    private sealed class Rename(string from, string to) : AstRewriter
    {
        protected override Node VisitIdentifier(Identifier node) => node.Name == from ? new Identifier(node.Start, node.End, to) : node;
    }

    private sealed class StatementForName : AstRewriter
    {
        protected override Node VisitIdentifier(Identifier node) => new EmptyStatement(node.Start, node.End);
    }
}
