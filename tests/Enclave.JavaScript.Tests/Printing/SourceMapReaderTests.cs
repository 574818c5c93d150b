using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Independent readers of source maps find the places that ours does.</summary>
public sealed class SourceMapReaderTests
{
    [Theory]
    [InlineData("a . b ( c ) ;\n\n`x\n${ y ( z ) }\u2028` ; throw  new  Error ( 'e' ) ;\r\nfunction  f ( ) { return  g [ 0 ] ( ) ( ) ; }")]
    [InlineData("let  á = '\\u2028' ; class  A { m ( ) { return  this . x ?. ( 1 ) ?. [ 2 ] } }")]
    public async Task Other_readers_find_the_same_places(string source)
    {
        SourceMapWitnesses.SkipWithoutReaders();
        foreach (PrinterOptions options in new[] { PrinterOptions.Compact, PrinterOptions.Readable })
        {
            PrintResult result = Print(source, options);
            var lines = new LineMap(result.Text);
            // Before the first segment of a line the readers disagree.
            SourcePosition[] places = [.. Enumerable.Range(0, result.Text.Length).Select(lines.At).Where(IsAfterASegmentOfItsLine)];

            SourceMapWitnesses.Answer answer = await SourceMapWitnesses.ReadAsync(result.Map.ToJson("a.js", source), places);

            bool IsAfterASegmentOfItsLine(SourcePosition place) =>
                result.Map.OriginalOffset(place.Line, place.Column) is { } offset && (place.Line == 1 || offset != result.Map.OriginalOffset(place.Line, -1));

            SourcePosition[] ours = [.. places.Select((place) => result.Map.Original(place.Line, place.Column)!.Value)];
            Assert.Equal(ours, answer.Tracing);
            Assert.Equal(ours, answer.Node);
        }
    }

    private static PrintResult Print(string source, PrinterOptions options) => Printer.PrintWithMap(Cases.Parse(source, SourceGoal.Script), source, options);
}
