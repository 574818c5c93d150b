using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>The map's purpose: a stack of the printed text, mapped back, is the stack of the source.</summary>
public sealed class SourceMapStackTests
{
    private static readonly string[] s_scripts =
    [
        "\n  throw   new   Error ( 'e' )",
        "function  f ( )\n{ throw   Error ( ) }\n\n  f   ( )",
        "let  o = { m ( ) {\n  return  this . n . p } } ;\n  o . m ( )",
        "let  o = { } ; o . a . b . c",
        "let  o = { } ;\n  o [ 'a' ]   [ 'b' ]",
        "undefinedName + 1",
        "1  +  undefinedName",
        "( ( ) => {\n   return   1n   +   1 } )   ( )",
        "const  c = 1 ;\n  c   =   2",
        "let  f = 1 ; f   (   )",
        "let  o = { } ; o . m   ( 1 )",
        "let  o = { } ; o [ 'm' ]   ( 1 )",
        "let  o = { f ( ) { return ( ) => { throw  new  Error ( ) } } } ; o . f ( )   ( )",
        "new   ( class  A { constructor ( ) {\n   null . x } } )   ( )",
        "class  A { x =   null . y } ; new  A",
        "class  A { static {   null . y } }",
        "class  A { get  x ( ) { throw   0 , new  Error } } ;  new  A ( ) . x",
        "class  A { #x ; static  m ( o ) {   return  o . #x } } ; A . m ( { } )",
        "let  {   a : { b } } = { }",
        "let  [ a ] =   null",
        "for ( let  x   of   1 ) ;",
        "let  f = ( a =   null . x ) => a ; f ( )",
        "`\n\n ${   null . x }`",
        "let  tag = ( ) => { throw  new  Error } ;\n  tag `a`",
        "'x'   in   'y'",
        "( { } )   instanceof   1",
        "let  a = [ ] ; Math . max ( ...   1 )",
        "[ 1 ] . map ( ( x ) =>   x . y . z )",
        "let  g = ( function * ( ) { yield   null . x } ) ( ) ; g . next ( )",
        "a : { switch ( 1 ) { case   null . x : } }",
        "if ( 1 )\n  null . x ; else  2",
        "let  o ; o ?. x ;   o   ( )",
        "delete   null . x",
        "let  x = 1 ;   x ++ ; ++   null . x",
        "throw  /* why */   new /* here */ Error ( /* e */ )",
        "( function  f ( n ) { if ( n ) f ( n - 1 ) ; else  throw  new  Error } )   ( 3 )",
        "super_ ( ) ; function  super_ ( ) { class  B extends  null { constructor ( ) {   super ( ) } } new  B }",
    ];

    [Fact]
    public async Task A_stack_of_the_printed_text_maps_to_that_of_the_source()
    {
        SourceMapWitnesses.SkipWithoutNode();
        SourcePosition[][] expected = await SourceMapWitnesses.StacksAsync(s_scripts);
        foreach (PrinterOptions options in new[] { PrinterOptions.Compact, PrinterOptions.Readable })
        {
            PrintResult[] printed = [.. s_scripts.Select((script) => Printer.PrintWithMap(Cases.Parse(script, SourceGoal.Script), script, options))];

            SourcePosition[][] stacks = await SourceMapWitnesses.StacksAsync(printed.Select((result) => result.Text));

            for (int i = 0; i < s_scripts.Length; i++)
            {
                Assert.NotEmpty(expected[i]);
                SourcePosition?[] mapped = [.. stacks[i].Select((place) => printed[i].Map.Original(place.Line, place.Column))];
                Assert.True(
                    mapped.SequenceEqual(expected[i].Cast<SourcePosition?>()),
                    $"{s_scripts[i]}\n{printed[i].Text}\n{string.Join(' ', expected[i])}\n{string.Join(' ', mapped)}");
            }
        }
    }
}
