using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Each line: a source, and the only text that it prints to.</summary>
public sealed class LiteralPrintingTests
{
    // 12.9.
    public static TheoryData<string, string> Literals => Cases.Of(
        """
        1..toString()                               ⇒ 1..toString();
        1.5.toFixed()                               ⇒ 1.5.toFixed();
        1e21.x                                      ⇒ 1e+21.x;
        1e300.x                                     ⇒ 1e+300.x;
        1[0]                                        ⇒ 1[0];
        1?.x                                        ⇒ 1?.x;
        0.5.x                                       ⇒ 0.5.x;
        1n.x                                        ⇒ 1n.x;
        1e999                                       ⇒ 1e999;
        1e999.x                                     ⇒ 1e999.x;
        -1e999                                      ⇒ -1e999;
        1e-7                                        ⇒ 1e-7;
        0.000001                                    ⇒ 0.000001;
        123456789012345680000                       ⇒ 123456789012345680000;
        1234567890123456789012                      ⇒ 1.2345678901234568e+21;
        5e-324                                      ⇒ 5e-324;
        1.7976931348623157e308                      ⇒ 1.7976931348623157e+308;
        0xff                                        ⇒ 255;
        0.1+0.2                                     ⇒ 0.1+0.2;
        /a/ /b                                      ⇒ /a/ /b;
        /a/ / /b/                                   ⇒ /a/ / /b/;
        /a/ in b                                    ⇒ /a/ in b;
        /a/ instanceof b                            ⇒ /a/ instanceof b;
        /[/]/                                       ⇒ /[/]/;
        /\//                                        ⇒ /\//;
        /=a/                                        ⇒ /=a/;
        x=/=a/                                      ⇒ x=/=a/;
        a/ /=a/                                     ⇒ a/ /=a/;
        typeof /a/                                  ⇒ typeof /a/;
        x='\u2028\u2029\0\x001\b\t\n\v\f\r\x7f\x80' ⇒ x="\u2028\u2029\0\x001\b\t\n\v\f\r\x7f\x80";
        x='\ud800'+'\udc00'+'\ud83d\ude00'+'😀'     ⇒ x="\ud800"+"\udc00"+"😀"+"😀";
        x='\udc00\ud800'                            ⇒ x="\udc00\ud800";
        x="'"+'"'+"'\""+"''\""                      ⇒ x="'"+'"'+"'\""+"''\"";
        x="\\"                                      ⇒ x="\\";
        x="<!--"+"-->"+"</script>"                  ⇒ x="<!--"+"-->"+"</script>";
        `a`                                         ⇒ `a`;
        `a${b}c${d}`                                ⇒ `a${b}c${d}`;
        `$${a}$`                                    ⇒ `$${a}$`;
        `\``                                        ⇒ `\``;
        `\${a}`                                     ⇒ `\${a}`;
        `\\${a}`                                    ⇒ `\\${a}`;
        a`\u{bad}`                                  ⇒ a`\u{bad}`;
        a`b`.c`d`()                                 ⇒ a`b`.c`d`();
        `${{}}`                                     ⇒ `${{}}`;
        `${a,b}`                                    ⇒ `${a,b}`;
        `${`${a}`}`                                 ⇒ `${`${a}`}`;
        a\u0062c                                    ⇒ abc;
        var yield_,await_;                          ⇒ var yield_,await_;
        """);

    [Theory]
    [MemberData(nameof(Literals))]
    public void A_literal_has_the_same_value(string source, string printed) => Cases.Check(source, printed, SourceGoal.Script);
}
