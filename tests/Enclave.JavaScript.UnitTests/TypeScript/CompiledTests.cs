using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>Enums and parameter properties: compiled, not erased.</summary>
public sealed class CompiledTests
{
    private static readonly ParserOptions s_typed = new() { Goal = SourceGoal.Module, Language = SourceLanguage.TypeScript };

    [Theory]
    [InlineData("enum E { A, B = 1 << 4, C, D = 'x' }", "var E={A:0,0:'A',B:16,16:'B',C:17,17:'C',D:'x'};")]
    [InlineData("const enum E { A = -1, 'a-b' = 'c', ['d'] = 2 }", "var E={A:-1,[-1]:'A','a-b':'c','d':2,2:'d'};")]
    [InlineData("enum E { }", "var E={};")]
    [InlineData("export enum E { A }", "export var E={A:0,0:'A'};")]
    [InlineData("function f() { enum E { A } }", "function f(){let E={A:0,0:'A'};}")]
    [InlineData("enum E { Read = 1, Write = 2, All = Read | E.Write }", "var E={Read:1,1:'Read',Write:2,2:'Write',All:3,3:'All'};")]
    [InlineData("enum E { A = 1 } enum F { B = E.A, C, D = E['A'] + C }", "var E={A:1,1:'A'};var F={B:1,1:'B',C:2,2:'C',D:3,3:'D'};")]
    [InlineData("const x = 2; enum E { A = x, B }", "const x=2;var E={A:2,2:'A',B:3,3:'B'};")]
    [InlineData("enum E { A, B = f() }", "var E=(E=>{E[E.B=f()]='B';return E;})({A:0,0:'A'});")]
    [InlineData("enum E { A = 'a', B = A + 'b', C = `c${f({ A })}` }", "var E=(E=>{E.B=E.A+'b';E.C=`c${f({A:E.A})}`;return E;})({A:'a'});")]
    [InlineData("enum E { A } enum E { B = 1 }", "var E={A:0,0:'A'};{E.B=1;E[1]='B';}")]
    [InlineData("enum E { A = f(), B = ((A) => A)(2) }", "var E=(E=>{E[E.A=f()]='A';E[E.B=(A=>A)(2)]='B';return E;})({});")]
    [InlineData("declare enum E { A } declare const enum F { B = f() }", "")]
    [InlineData("enum E { constructor, toString = 'x' }", "var E={constructor:0,0:'constructor',toString:'x'};")]
    [InlineData("enum E { A = 1 / 0 }", "var E={A:1/0,[1/0]:'A'};")]
    [InlineData("class A { constructor(private x: number, readonly y = 1, z?: T) { 'use strict'; f() } }",
        "class A{x;y;constructor(x,y=1,z){'use strict';this.x=x;this.y=y;f();}}")]
    [InlineData("class A extends B { c = 1; constructor(override x: T) { f(); super(x); g() } }",
        "class A extends B{x;c=1;constructor(x){f();super(x);this.x=x;g();}}")]
    public void Enums_and_parameter_properties_become_objects_and_fields(string source, string printed)
    {
        // 'use strict' cannot stand in a function whose parameters have defaults.
        ParseResult result = Parser.Parse(source.Replace("'use strict'", "'a'", StringComparison.Ordinal), s_typed);

        Assert.True(result.Success, result.Error?.Show(source));
        string expected = Printer.Print(Parser.Parse(printed.Replace("'use strict'", "'a'", StringComparison.Ordinal), ParserOptions.Module).Program!);
        Assert.Equal(expected, Printer.Print(result.Program));
    }

    [Theory]
    [InlineData("enum E { A = f(), B }", "needs a value", 18)]
    [InlineData("enum E { A = B, B = 1 }", "before it", 13)]
    [InlineData("enum E { A = E.A }", "before it", 13)]
    [InlineData("enum E { 1 = 2 }", "a word or a string", 9)]
    [InlineData("enum E { [f()] = 2 }", "a word or a string", 10)]
    [InlineData("enum E { __proto__ = 2 }", "__proto__", 9)]
    [InlineData("enum E { '__proto__' = 2 }", "__proto__", 9)]
    [InlineData("enum E { A = this.x }", "'this'", 13)]
    [InlineData("enum E { A = (() => this.x)() }", "'this'", 20)]
    [InlineData("function f() { enum E { A = arguments.length } }", "'arguments'", 28)]
    [InlineData("enum E { A = await f() }", "'await'", 13)]
    [InlineData("let E; enum E { A }", "already declared", 12)]
    [InlineData("enum E { A } class E { }", "already declared", 19)]
    [InlineData("enum E { A } var E", "already declared", 17)]
    [InlineData("if (a) enum E { A }", "put it into a block", 7)]
    [InlineData("enum E { A = f(), B = ((E) => A)(2) }", "write the value", 30)]
    [InlineData("function f(private x) { }", "in the constructor of a class", 11)]
    [InlineData("class A { m(private x) { } }", "in the constructor of a class", 12)]
    [InlineData("class A { constructor(private x); constructor(x) { } }", "with a body", 30)]
    [InlineData("class A { constructor(private { x }) { } }", "a plain name", 30)]
    [InlineData("class A { constructor(private ...x) { } }", "a plain name", 30)]
    [InlineData("class A extends B { constructor(private x) { if (x) super() } }", "super", 40)]
    public void What_has_no_meaning_is_refused_at_its_place(string source, string message, int offset)
    {
        ParseError? error = Parser.Parse(source, s_typed).Error;

        Assert.NotNull(error);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(offset, error.Offset);
    }

    /// <remarks>The compiler leaves the bare name as it is here, so that its output throws; the name means the member.</remarks>
    [Theory]
    [InlineData("enum E { A = next(), B = [{ A }][0].A }", "var E=(E=>{E[E.A=next()]='A';E[E.B=[{A:E.A}][0].A]='B';return E;})({});")]
    [InlineData("enum E { A = next() } enum E { B = A + 1 }", "var E=(E=>{E[E.A=next()]='A';return E;})({});{E[E.B=E.A+1]='B';}")]
    public void A_bare_name_means_the_member_everywhere(string source, string printed) =>
        Enums_and_parameter_properties_become_objects_and_fields(source, printed);

    [Theory]
    [InlineData("enum E{a0=f(),", "a¤=a£+1,", "}")]
    [InlineData("enum E{a0=1,", "a¤=a£,", "}")]
    [InlineData("enum E{a0='x',", "a¤=a£+a£,", "}")]
    [InlineData("enum E{", "a¤,", "}")]
    [InlineData("", "enum E¤{a,b=f(a)}", "")]
    [InlineData("enum E{z=1}", "enum E{a¤=z}", "")]
    [InlineData("enum E0{a=1}", "enum E¤{a=E£.a+1}", "")]
    [InlineData("const c0=1;", "const c¤=c£+1;", "enum E{a=c9}")]
    [InlineData("enum E{b=1,a=f(", "(b)=>b,()=>b,", ")}")]
    [InlineData("class A{constructor(", "private a¤=1,", "){}}")]
    [InlineData("", "@d(a)", "class A{}")]
    [InlineData("", "namespace N¤{let a}", "")]
    public void Work_and_text_grow_as_the_source(string head, string repeated, string tail)
    {
        (long shortSteps, int shortText) = Cost(head, repeated, tail, 2_000);
        (long longSteps, int longText) = Cost(head, repeated, tail, 8_000);

        Assert.InRange((double)longSteps / shortSteps, 1, 5);
        Assert.InRange((double)longText / shortText, 0, 5);
    }

    private static (long Steps, int Text) Cost(string head, string repeated, string tail, int times)
    {
        string source = head + string.Concat(Enumerable.Range(1, times).Select((i) => repeated.Replace("¤", $"{i}", StringComparison.Ordinal)
            .Replace("£", $"{i - 1}", StringComparison.Ordinal))) + tail;
        long looks = 0;
        var meter = new WorkMeter(TimeSpan.Zero, () => TimeSpan.FromTicks(looks++ & 0), CancellationToken.None);
        ParseResult result = Parser.Parse(source, s_typed with { Goal = SourceGoal.Script }, meter);
        Assert.NotNull(result.Program);
        return (looks, Printer.Print(result.Program).Length);
    }

    [Fact]
    public void Nested_enums_cost_a_bounded_multiple_of_the_text()
    {
        string source = string.Concat(Enumerable.Range(0, 40).Select((i) => $"enum E{i}{{a=f(),b=(()=>{{"))
            + string.Concat(Enumerable.Repeat("return a})()}", 40));

        ParseResult result = Parser.Parse(source, s_typed);

        Assert.True(result.Success, result.Error?.Message);
    }

    [Fact]
    public void All_that_is_not_compiled_is_told_at_once_with_the_error_at_which_reading_ended()
    {
        const string source = "namespace N { export const a = 1; @d class B { } }\nimport x = require('y');\n" +
            "@Injectable() class A { @Input() accessor b = 1; }\nlet = ;";

        ParseResult result = Parser.Parse(source, s_typed);

        Assert.Null(result.Program);
        Assert.Equal([0, 34, 51, 76, 100], result.Errors.Where((error) => error.Code == ParseErrorCode.NotErasable).Select((error) => error.Offset).Take(5));
        Assert.Equal(4, result.Errors[^1].Position.Line);
        Assert.NotEqual(ParseErrorCode.NotErasable, result.Errors[^1].Code);
    }

    [Fact]
    public void No_more_than_a_hundred_of_them_are_kept()
    {
        ParseResult result = Parser.Parse(string.Concat(Enumerable.Range(0, 500).Select((i) => $"@d class A{i} {{ }}\n")), s_typed);

        Assert.Equal(100, result.Errors.Length);
        Assert.NotNull(result.Program);
    }

    [Fact]
    public void What_an_enum_became_has_the_places_of_its_text()
    {
        const string source = "let a;\nenum E {\n  A = 1,\n  B = f(a),\n}";

        Program program = Parser.Parse(source, s_typed).Program!;

        var places = new Places();
        places.Visit(program);
        Assert.Contains(("f", source.IndexOf("f(a)", StringComparison.Ordinal)), places.Found);
        Assert.All(places.Found, (found) => Assert.InRange(found.Start, 0, source.Length));
    }

    private sealed class Places : AstVisitor
    {
        public List<(string Name, int Start)> Found { get; } = [];

        protected override void VisitIdentifier(Identifier node) => Found.Add((node.Name, node.Start));
    }
}
