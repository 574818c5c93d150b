using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Tests.Estree;

namespace Enclave.JavaScript.Tests.Scopes;

/// <summary>The meaning of each name. Numbers are offsets: a reference, then its declarations.</summary>
public sealed class ScopeAnalysisTests
{
    [Theory]
    // Hoisting (8.2.6, 8.2.7).
    [InlineData("a; { var a; } var a", "a0>9,18")]
    [InlineData("f; function f(){}", "f0>12")]
    [InlineData("{ a; { let a; a } a }", "a2 a14>11 a18")]
    [InlineData("a = 1; b += a; c++", "a0 b7 a12 c15")]
    [InlineData("var [a, {b: c = d, ...e}] = f", "a5>5 c12>12 d16 e22>22 f28")]
    [InlineData("({a, b: c, [d]: e.f, ...g} = h)", "a2 c8 d12 e16 g24 h29")]
    // Keys, labels and words of the language are not references.
    [InlineData("a.b; a[b]; ({a: b, b}); l: break l; function f() { new.target }", "a0 a5 b7 b16 b19")]
    // Parameters and the body (10.2.11).
    [InlineData("function f(a, b = a) { var a; a }", "a18>11 a30>27")]
    [InlineData("function f(a, {b}) { var a; a }", "a28>11,25")]
    [InlineData("(a, b = () => c) => { var c; c }", "c14 c29>26")]
    [InlineData("function f(a) { function a(){} a }", "a31>11,25")]
    // arguments.
    [InlineData("function f() { arguments; () => arguments }", "arguments15> arguments32>")]
    [InlineData("function f(arguments) { arguments } arguments", "arguments24>11 arguments36")]
    [InlineData("function f() { var arguments; arguments }", "arguments30>19")]
    [InlineData("() => arguments", "arguments6")]
    // Names of functions and classes inside themselves (15.2.5, 15.7.14).
    [InlineData("(function f() { f }); f", "f16>10 f22")]
    [InlineData("(function f(f) { var f; f })", "f24>12,21")]
    [InlineData("class A extends A { [A] = A; static { var A; A } } A", "A16>6 A21>6 A26>6 A45>42 A51>6")]
    [InlineData("(class A { m() { A } }); A", "A17>7 A25")]
    // Loops, switches, catch clauses.
    [InlineData("for (let i = i; i; i) { let i; i } i", "i9>9 i13>9 i16>9 i19>9 i31>28 i35")]
    [InlineData("for (const a of a) a; for (var b in b) b", "a11>11 a16>11 a19>11 b31>31 b36>31 b39>31")]
    [InlineData("switch (a) { case a: let a; default: a }", "a8 a18>25 a37>25")]
    [InlineData("try {} catch (e) { var e = e; e } e", "e23>14 e27>14 e30>14 e34>23")]
    [InlineData("try {} catch ({a, b = a}) { a; let b1 = b }", "a22>15 a28>15 b135>35 b40>18")]
    // Functions in blocks of sloppy code (Annex B.3.2).
    [InlineData("f; { f; function f(){} } f", "f0>17 f5>17 f25>17")]
    [InlineData("'use strict'; { function f(){} } f", "f33")]
    [InlineData("let f; { function f(){} } f", "f26>4")]
    [InlineData("{ let f; { function f(){} } } f", "f30")]
    [InlineData("{ function f(){} { function f(){} } } f", "f38>11")]
    [InlineData("{ async function f(){} function *g(){} } f; g", "f41 g44")]
    [InlineData("function g(f) { { function f(){} } f }", "f35>11")]
    [InlineData("function g(f = 1) { { function f(){} } f }", "f39>11")]
    [InlineData("function g() { f; if (1) function f(){} }", "f15>34")]
    [InlineData("for (let f of []) { { function f(){} } } f", "f9>9 f41")]
    [InlineData("try {} catch (f) { { function f(){} } } f", "f40>30")]
    [InlineData("try {} catch ({f}) { { function f(){} } } f", "f42")]
    [InlineData("switch (1) { case 1: function f(){} } f", "f38>30")]
    [InlineData("var f; { l: function f(){} } f", "f29>4,21")]
    // with and its variables.
    [InlineData("with (a) { var b = c }", "a6 b15>15 c19")]
    public void A_script_resolves_as_the_language_says(string source, string resolution)
    {
        Assert.Equal(resolution, Resolution.Of(Resolution.Analyze(source)));
    }

    [Theory]
    [InlineData("import a, {b as c, d} from 'm'; a; b; c; d", "a32>7 b35 c38>16 d41>19")]
    [InlineData("import * as n from 'm' with {type: 'json'}; n.a", "n44>12")]
    [InlineData("var a; export {a as b}; export {c} from 'm'; export * as d from 'm'", "a15>4")]
    [InlineData("export default function f() {} f", "f31>24")]
    [InlineData("export const a = 1; export default a", "a13>13 a35>13")]
    [InlineData("{ function f(){} } f; arguments", "f19 arguments22")]
    public void A_module_resolves_as_the_language_says(string source, string resolution)
    {
        Assert.Equal(resolution, Resolution.Of(Resolution.Analyze(source, SourceGoal.Module)));
    }

    [Fact]
    public void A_reference_knows_what_it_does()
    {
        ScopeTree tree = Resolution.Analyze("var a = typeof b; a += 1; [a] = c; function f() { a++ }");

        string[] uses = [.. tree.References.Select((reference) => string.Concat(
            reference.Identifier.Name, reference.IsRead ? "r" : "", reference.IsWrite ? "w" : "", reference.IsTypeOfOperand ? "t" : "",
            reference.IsDeclarator ? "d" : "", reference.IsCapture ? "c" : ""))];
        Assert.Equal(["awd", "brt", "arw", "aw", "cr", "arwc"], uses);
        Binding a = tree.Root.Bindings[0];
        Assert.True(a.IsCaptured);
        Assert.Equal([4, 18, 27, 50], a.References.Select((reference) => reference.Identifier.Start));
        Assert.Equal(["b", "c"], tree.FreeNames());
    }

    [Theory]
    [InlineData("with (o) a", "a")]
    [InlineData("var a; with (o) { a; { let a; a } }", "a")]
    [InlineData("function f(p) { eval(p); a; p }", "eval a")]
    [InlineData("function f() { { eval(''); } return () => a }", "eval a")]
    [InlineData("'use strict'; function f(p) { eval(p); a }", "")]
    [InlineData("function f(p) { eval?.(p); (0, eval)(p); a }", "")]
    [InlineData("function f(a, b = eval('')) { a; c }", "eval c")]
    [InlineData("eval(''); a", "")]
    public void References_that_with_or_eval_may_change_are_known(string source, string names)
    {
        IEnumerable<string> dynamic = Resolution.Analyze(source).References.Where((reference) => reference.MayBeDynamic)
            .Select((reference) => reference.Identifier.Name);

        Assert.Equal(names, string.Join(' ', dynamic.Where((name) => name != "o")));
    }

    [Fact]
    public void Direct_eval_is_known_in_the_scopes_around_it_only()
    {
        ScopeTree tree = Resolution.Analyze("function f() { { let a; eval(a) } } function g() { let eval1; eval?.(1) }");

        Assert.Equal([true, true, true, false], tree.Scopes.Select((scope) => scope.HasDirectEval));
    }

    [Fact]
    public void Nodes_and_names_can_be_asked_for()
    {
        const string Source = "function f(a) { { let b = a; g(b) } } ({f})";
        ScopeTree tree = Resolution.Analyze(Source);
        Reference read = tree.References.Single((reference) => reference.Identifier.Name == "a");

        Assert.Same(read, tree.ReferenceOf(read.Identifier));
        Assert.Same(read.Binding, tree.BindingOf(read.Identifier));
        Assert.Same(read.Binding, tree.DeclarationOf(read.Binding!.Declaration!));
        Scope block = tree.ScopeAt(Source.IndexOf("g(b)", StringComparison.Ordinal));
        Assert.Equal(ScopeKind.Block, block.Kind);
        Assert.Same(block, tree.ScopeOf(block.Node));
        Assert.Same(read.Binding, tree.Resolve("a", block));
        Assert.Equal(BindingKind.Let, tree.Resolve("b", block)!.Kind);
        Assert.Null(tree.Resolve("b", block.Parent!));
        Assert.Null(tree.Find("a", block));
        Assert.Null(tree.Resolve("console", block));
        Assert.Same(tree.Root, tree.ScopeAt(Source.Length));
        Assert.Same(tree.Root.Bindings[0], tree.References[^1].Binding);
    }

    [Fact]
    public void Private_names_are_those_of_the_nearest_class()
    {
        ScopeTree tree = Resolution.Analyze("class A { #a; get #b(){} set #b(v){} m(o) { #a in o; this.#b; return class { #a; n() { this.#a; this.#b } } } }");

        Scope[] classes = [.. tree.Scopes.Where((scope) => scope.Kind == ScopeKind.Class)];
        Assert.Equal([("a", 1, 1), ("b", 2, 2)], classes[0].PrivateNames.Select((name) => (name.Name, name.Declarations.Count, name.Uses.Count)));
        Assert.Equal([("a", 1, 1)], classes[1].PrivateNames.Select((name) => (name.Name, name.Declarations.Count, name.Uses.Count)));
        Assert.Same(classes[0].PrivateNames[1], tree.PrivateNameOf(classes[0].PrivateNames[1].Uses[1]));
    }

    [Fact]
    public void The_deepest_trees_fit_on_a_small_stack()
    {
        (int nested, int chained) = (0, 0);

        DeepTrees.OnSmallStack(() => nested = ScopeAnalysis.Analyze(DeepTrees.Nested(DeepTrees.Levels)).Scopes.Count);
        DeepTrees.OnSmallStack(() => chained = ScopeAnalysis.Analyze(DeepTrees.LeftLeaning(DeepTrees.LongChain)).References.Count);

        Assert.Equal(DeepTrees.Levels + 1, nested);
        Assert.True(chained > DeepTrees.LongChain / 2, $"{chained} references");
    }
}
