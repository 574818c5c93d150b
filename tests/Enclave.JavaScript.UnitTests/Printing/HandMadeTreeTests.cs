using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Trees without a source text, as rewriters make them.</summary>
public sealed class HandMadeTreeTests
{
    private static readonly Identifier s_a = Make.Name("a");
    private static readonly Identifier s_b = Make.Name("b");

    [Theory]
    [InlineData(-1, "-1", "(-1).a", "b- -1", "(-1)**b")]
    [InlineData(-0.0, "-0", "(-0).a", "b- -0", "(-0)**b")]
    [InlineData(double.NaN, "0/0", "(0/0).a", "b-0/0", "(0/0)**b")]
    [InlineData(double.PositiveInfinity, "1e999", "1e999.a", "b-1e999", "1e999**b")]
    [InlineData(double.NegativeInfinity, "-1e999", "(-1e999).a", "b- -1e999", "(-1e999)**b")]
    public void A_number_that_is_no_literal_is_printed_as_an_operation_with_its_value(double value, string alone, string access, string operand, string power)
    {
        NumberLiteral number = Make.Number(value);

        Assert.Equal(alone, Printer.Print(number));
        Assert.Equal(access, Printer.Print(Make.Member(number, "a")));
        Assert.Equal(operand, Printer.Print(Make.Binary(s_b, BinaryOperator.Subtract, number)));
        Assert.Equal(power, Printer.Print(Make.Binary(number, BinaryOperator.Power, s_b)));
    }

    [Fact]
    public void A_negative_number_as_a_key_stands_in_brackets()
    {
        var property = new Property(0, 0, isMethod: false, isShorthand: false, isComputed: false, Make.Number(-1), s_a, PropertyKind.Init);

        Assert.Equal("{[-1]:a}", Printer.Print(new ObjectExpression(0, 0, [property])));
    }

    [Theory]
    [InlineData("a", "a", "{a}")]
    [InlineData("a", "b", "{a:b}")]
    [InlineData("__proto__", "__proto__", "{__proto__}")]
    [InlineData("__proto__", "b", "{[\"__proto__\"]:b}")]
    public void A_shorthand_whose_value_was_renamed_is_written_out(string key, string value, string printed) =>
        Assert.Equal(printed, Printer.Print(new ObjectExpression(0, 0, [Make.Shorthand(key, Make.Name(value))])));

    [Fact]
    public void A_shorthand_with_a_default_whose_target_was_renamed_is_written_out()
    {
        Assert.Equal("{a=1}", Pattern("a"));
        Assert.Equal("{a:b=1}", Pattern("b"));

        static string Pattern(string target) =>
            Printer.Print(new ObjectPattern(0, 0, [Make.Shorthand("a", new AssignmentPattern(0, 0, Make.Name(target), Make.Number(1)))]));
    }

    [Fact]
    public void An_import_or_export_whose_local_name_was_renamed_keeps_the_other_one()
    {
        Assert.Equal("a as b", Printer.Print(new ImportSpecifier(0, 0, s_a, s_b)));
        Assert.Equal("b as a", Printer.Print(new ExportSpecifier(0, 0, s_b, s_a)));
    }

    [Fact]
    public void An_else_does_not_move_to_an_inner_if()
    {
        var inner = new IfStatement(0, 0, s_b, Make.Statement(s_b), null);
        var loop = new ForStatement(0, 0, null, null, null, inner);

        Assert.Equal("if(a){if(b)b}else a;", Printer.Print(new IfStatement(0, 0, s_a, inner, Make.Statement(s_a))));
        Assert.Equal("if(a){for(;;)if(b)b}else a;", Printer.Print(new IfStatement(0, 0, s_a, loop, Make.Statement(s_a))));
    }

    [Fact]
    public void A_declaration_alone_under_a_condition_gets_a_block()
    {
        var declaration = new VariableDeclaration(0, 0, [new VariableDeclarator(0, 0, s_a, null)], VariableKind.Let);

        Assert.Equal("while(b){let a}", Printer.Print(new WhileStatement(0, 0, s_b, declaration)));
    }

    [Fact]
    public void A_string_moved_to_the_front_of_a_body_is_no_directive()
    {
        Program program = Make.Script(Make.Statement(Make.Text("use strict")), Make.Statement(s_a));

        Assert.Equal("(\"use strict\");a;", Printer.Print(program));
    }

    [Theory]
    [InlineData("a'b", "\"a'b\";")]
    [InlineData("a\"b", "'a\"b';")]
    [InlineData("a\\\"b", "\"a\\\"b\";")]
    public void The_text_of_a_directive_is_kept(string raw, string printed) =>
        Assert.Equal(printed, Printer.Print(Make.Statement(Make.Text("x"), raw)));

    [Theory]
    [InlineData("a\"'b")]
    [InlineData("a\\")]
    [InlineData("a\nb")]
    public void A_directive_that_would_end_early_is_refused(string raw) => Refused(Make.Statement(Make.Text("x"), raw));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("1a")]
    [InlineData("a\u2028b")]
    [InlineData("a\u00A0b")]
    [InlineData("a\uFEFFb")]
    [InlineData("a\\u0062")]
    public void A_name_that_is_none_is_refused_wherever_it_stands(string name)
    {
        Refused(Make.Name(name));
        Refused(Make.Member(s_a, name));
        Refused(new PrivateIdentifier(0, 0, name));
        Refused(Make.Statement(new FunctionExpression(0, 0, Make.Name(name), false, false, [], Make.Block())));
        Refused(new MetaProperty(0, 0, Make.Name(name), s_a));
        Refused(new BreakStatement(0, 0, Make.Name(name)));
    }

    [Theory]
    [InlineData("`")]
    [InlineData("${a}")]
    [InlineData("\\\\`")]
    [InlineData("\\")]
    [InlineData("\\\\\\")]
    [InlineData("a\rb")]
    [InlineData("$${")]
    public void A_template_that_would_end_early_is_refused(string raw) => Refused(Make.Template(raw));

    [Theory]
    [InlineData("$", "`$`")]
    [InlineData("\\`\\${$", "`\\`\\${$`")]
    public void A_template_that_holds_its_own_marks_escaped_is_not(string raw, string printed) => Assert.Equal(printed, Printer.Print(Make.Template(raw)));

    [Theory]
    [InlineData("", "")]
    [InlineData("*", "")]
    [InlineData("a/b", "")]
    [InlineData("a\nb", "")]
    [InlineData("a\u2028b", "")]
    [InlineData("\\\n", "")]
    [InlineData("a\\", "")]
    [InlineData("[a", "")]
    [InlineData("[]/]/", "")]
    [InlineData("a", "g;b")]
    public void A_regular_expression_that_would_end_early_is_refused(string pattern, string flags) => Refused(new RegExpLiteral(0, 0, pattern, flags));

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("1;a")]
    public void A_big_integer_that_is_none_is_refused(string digits) => Refused(new BigIntLiteral(0, 0, digits));

    private static void Refused(Node node) => Assert.Throws<InvalidOperationException>(() => Printer.Print(node));
}
