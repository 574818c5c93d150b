using System.Text.RegularExpressions;

namespace Enclave.JavaScript.Tests.Differential;

/// <summary>A place where acorn 8.19 differs from the language, so we differ from acorn on purpose. V8 agrees with us on each example.</summary>
/// <param name="What">Acorn's behaviour.</param>
/// <param name="Clause">The clause of ECMA-262 (16th edition) that it violates.</param>
/// <param name="Example">A script for which we differ because of it.</param>
/// <param name="Explains">Says if a disagreement comes from it.</param>
internal sealed partial record AcornDeviation(string What, string Clause, string Example, Func<Disagreement, bool> Explains)
{
    public static IReadOnlyList<AcornDeviation> All { get; } =
    [
        new("names class expressions eval and arguments", "15.7: all parts of a class are strict; 13.1.1: there those bind nothing", "(class eval {})",
            (found) =>
            found.Kind == DisagreementKind.WeRefuse && ReservedClassName.IsMatch(found.Source)),
        new("refuses two functions of one name in a static block", "8.2.4: at its top level functions are not declared lexically",
            "class A { static { function a() {} function a() {} } }", (found) =>
            found.Kind == DisagreementKind.WeAccept && AlreadyDeclared.Match(found.Acorn!) is { Success: true } name
                && IsTwiceInStaticBlock(found.Source, name.Groups[1].Value)),
        new("does not see a directive behind a hashbang", "12.5: a hashbang is a comment; 11.2.1: so the directive stands first", "#!\n'use strict'; static",
            (found) =>
            found.Kind == DisagreementKind.WeRefuse && HashbangAndDirective.IsMatch(found.Source)),
        new("allows an octal escape in a directive before \"use strict\"", "12.9.4.1: also in directives that stand before it", "'\\7'; 'use strict'",
            (found) =>
            found.Kind == DisagreementKind.WeRefuse && OctalAndDirective.IsMatch(found.Source)),
        new("allows a name directly behind a big integer", "12.9.3: no name and no digit directly behind a number", "0b0nin 0", (found) =>
            found.Ours is { Code: ParseErrorCode.Token, Offset: > 0 } error && found.Source[error.Offset - 1] == 'n'
                && BigIntBeforeName.IsMatch(found.Source[..(error.Offset + 1)])),
        new("does not count functions with a label as declared", "8.2.4: LexicallyDeclaredNames of a LabelledStatement are those of its function",
            "{ let a; b: function a() {} }", (found) =>
            found.Ours is { Code: ParseErrorCode.EarlyError } error && error.Message.Contains("already declared", StringComparison.Ordinal)
                && LabelledFunction.IsMatch(found.Source)),
        new("reads a regular expression behind the name of where a division may stand", "12.1: InputElementDiv", "a\n{}of\n/o/", (found) =>
            found.Kind != DisagreementKind.WeAccept && OfBeforeSlash.IsMatch(found.Source)),
        new("reads /= where a regular expression may stand, behind the second of two blocks", "12.1: InputElementRegExp", "{}{}/=/", (found) =>
            found.Kind == DisagreementKind.WeAccept && found.Acorn!.StartsWith("Unexpected token", StringComparison.Ordinal)
                && BraceBeforeAssign.IsMatch(found.Source)),
        new("takes U+2B81E, which stands for nothing, as a letter", "12.7: ID_Start; Unicode 17 ends its block of letters at U+2B81D", "\ud86e\udc1e",
            (found) =>
            found.Kind == DisagreementKind.WeRefuse && found.Source.Contains("\ud86e\udc1e", StringComparison.Ordinal)),
    ];

    public static AcornDeviation? Of(Disagreement found) => All.FirstOrDefault((deviation) => deviation.Explains(found));

    private static bool IsTwiceInStaticBlock(string source, string name) =>
        StaticBlock.Match(source) is { Success: true } block && Regex.Count(source[block.Index..], $@"\bfunction\s*\*?\s*{Regex.Escape(name)}\b") > 1;

    [GeneratedRegex(@"\bclass\s+(eval|arguments)\b")]
    private static partial Regex ReservedClassName { get; }

    [GeneratedRegex("^Identifier '(.+)' has already been declared")]
    private static partial Regex AlreadyDeclared { get; }

    [GeneratedRegex(@"\bstatic\s*\{")]
    private static partial Regex StaticBlock { get; }

    [GeneratedRegex("""^#!.*\n(\s|//.*|/\*[\s\S]*?\*/)*['"]use strict['"]""")]
    private static partial Regex HashbangAndDirective { get; }

    [GeneratedRegex("""['"].*\\[0-9].*['"]\s*[;\n]\s*['"]use strict['"]""")]
    private static partial Regex OctalAndDirective { get; }

    [GeneratedRegex(@"[0-9a-fA-F]n[^\d\s]$")]
    private static partial Regex BigIntBeforeName { get; }

    [GeneratedRegex(@"\}\s*/=")]
    private static partial Regex BraceBeforeAssign { get; }

    [GeneratedRegex(@"\bof\s*/")]
    private static partial Regex OfBeforeSlash { get; }

    [GeneratedRegex(@":\s*function\b")]
    private static partial Regex LabelledFunction { get; }
}
