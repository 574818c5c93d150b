using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Printing;

public sealed class SourceMapTests
{
    /// <summary>A token of the source, and its printed text. V8 reports it as the place of a call, a throw, an access or an operator.</summary>
    [Theory]
    [InlineData("a . b ( c )", "b", "b")]
    [InlineData("f ( )  ( )", "()();", "( )  ( )")]
    [InlineData("f ()  ( 1 )", "(1", "( 1")]
    [InlineData("( a , b ) ( 1 )", "(1", "( 1")]
    [InlineData("x ; throw y", "throw", "throw")]
    [InlineData("new  A ( b )", "new", "new")]
    [InlineData("x ;\n\n  a [ b ]", "[", "[")]
    [InlineData("a  *  b", "*", "*")]
    [InlineData("a\n  in  b", "in", "in")]
    [InlineData("const a = 1 ; a = 2", "=2", "= 2")]
    [InlineData("a ?. ( 1 )", "(1", "( 1")]
    [InlineData("a ?. [ b ]", "[b", "[ b")]
    [InlineData("x ;\n` ${ a } ` ; b", "b", "b")]
    [InlineData("x ; ( ) => { y }", "y", "y")]
    [InlineData("x ; class A { static  y ( ) { } }", "static", "static")]
    public void A_token_comes_from_its_place(string source, string printed, string original)
    {
        PrintResult result = Print(source, PrinterOptions.Compact);

        SourcePosition place = new LineMap(result.Text).At(result.Text.LastIndexOf(printed, StringComparison.Ordinal));
        Assert.Equal(source.LastIndexOf(original, StringComparison.Ordinal), result.Map.OriginalOffset(place.Line, place.Column));
    }

    [Fact]
    public void A_map_does_not_change_the_text()
    {
        const string Source = "let a = { b , c : 1 } ; for ( ; ; ) a . b ( ) ; `\n${ a }`";

        foreach (PrinterOptions options in new[] { PrinterOptions.Compact, PrinterOptions.Readable })
        {
            Assert.Equal(Printer.Print(Cases.Parse(Source, SourceGoal.Script), options), Print(Source, options).Text);
        }
    }

    [Fact]
    public void Before_the_first_segment_there_is_no_place()
    {
        SourceMap map = Printer.PrintWithMap(Make.Script(), "").Map;

        Assert.Equal(0, map.Count);
        Assert.Null(map.Original(1, 0));
        Assert.Equal("", map.Mappings());
    }

    [Fact]
    public void Offsets_of_nowhere_are_left_out()
    {
        Program program = new(0, 0, [Make.Statement(new Identifier(-1, -1, "a")), Make.Statement(new Identifier(99, 99, "b"))], SourceGoal.Script);

        SourceMap map = Printer.PrintWithMap(program, "ab").Map;

        Assert.All(Enumerable.Range(0, 5), (column) => Assert.True(map.OriginalOffset(1, column) is null or 0));
    }

    [Theory]
    [InlineData(0, "A")]
    [InlineData(1, "C")]
    [InlineData(-1, "D")]
    [InlineData(15, "e")]
    [InlineData(16, "gB")]
    [InlineData(-16, "hB")]
    [InlineData(511, "+f")]
    [InlineData(512, "ggB")]
    [InlineData(1_000_000, "gkh9B")]
    [InlineData(int.MaxValue, "+/////D")]
    public void Numbers_are_written_as_the_format_has_them(int value, string digits)
    {
        var text = new System.Text.StringBuilder();
        Vlq.Write(text, value);
        Assert.Equal(digits, text.ToString());
    }

    private static PrintResult Print(string source, PrinterOptions options) => Printer.PrintWithMap(Cases.Parse(source, SourceGoal.Script), source, options);
}
