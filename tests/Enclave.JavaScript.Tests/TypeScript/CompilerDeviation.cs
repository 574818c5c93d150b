using System.Text.RegularExpressions;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Corpus;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>A form that the compiler's parser and ours treat differently, and why ours does so on purpose.</summary>
/// <param name="What">The difference and its reason.</param>
/// <param name="Example">A text for which we differ.</param>
/// <param name="Explains">Says if it is the reason for a finding.</param>
internal sealed partial record CompilerDeviation(string What, string Example, Func<Finding, bool> Explains)
{
    public static ImmutableArray<CompilerDeviation> All { get; } =
    [
        new("the compiler's parser lets it pass, and its checker refuses it as an error of grammar", "f<>(x);", (found) =>
            found.Kind is Difference.WeRefuse or Difference.Erasable or Difference.TreesDiffer && found.Rule is not null),
        new("the compiler says nothing of a missing semicolon behind 'declare'", "declare declare", (found) =>
            found.Kind == Difference.WeRefuse && found.Rule is null && found.Ours!.Contains("expected", StringComparison.Ordinal)
                && Regex.IsMatch(found.Source, @"\bdeclare\b")),
        new("an expression statement that begins with the types of an arrow function begins at them", "<T>(x: T) => x;", (found) =>
            found.Kind == Difference.OffsetsDiffer && found.Source.Contains('<', StringComparison.Ordinal) && found.Ours!
                .Contains("ExpressionStatement", StringComparison.Ordinal)),
        new("the compiler's parser takes a reserved word for the name of a type, which none can have", "let a: export = 1;", (found) =>
            found.Kind == Difference.WeRefuse && (found.Ours!.Contains("expected a type", StringComparison.Ordinal) || ReservedResult.IsMatch(found.Source)
                || Regex.IsMatch(found.Source, @"\bconst\s*[.<\[]"))),
        new("the compiler sets the fields before the base class is there if super(…) is no statement of its own",
            "class A extends B { constructor(private x) { 1 + super(); } }", (found) =>
            found.Kind == Difference.WeRefuse && found.Ours!.Contains("has to call super", StringComparison.Ordinal)),
        new("the compiler's parser takes an empty list of type parameters", "type A<> = B.C;", (found) =>
            found.Kind == Difference.WeRefuse && EmptyList.IsMatch(found.Source)),
        new("the compiler passes over 'await' behind the name of a class", "export default class A await {}", (found) =>
            found.Kind == Difference.WeRefuse && Regex.IsMatch(found.Source, @"\bclass\s+\w+\s+await\b")),
        new("the compiler reads 'global' and a name as a declaration without a body", "global\nx", (found) =>
            found.Kind == Difference.Erasable && found.Theirs == "ModuleDeclaration" && Regex.IsMatch(found.Source, @"\bglobal\s+\w")),
        new("the compiler does not look into what an interface extends", "interface A extends this.#x {}", (found) =>
            found.Kind == Difference.WeRefuse && Regex.IsMatch(found.Source, @"\b(interface|implements)\b[\s\S]*(this\.#|import\s*(\.|\(\s*\)))")),
        new("the compiler takes an operator for the bracket of a list of types, and does not go back when the list is malformed", "f<a << b > (c)>(x);",
            (found) =>
            found.Kind == Difference.WeAccept
                && (IsJavaScript(found.Source) || Regex.IsMatch(found.Source, @"\bas\s+const\s*<")
                    || Regex.IsMatch(found.Source, @"<[\s(|&]*<|<\s*(keyof|infer|unique|readonly)\s*>"))),
        new("the compiler does not read 'new import.meta'", "new import.meta; export { type A } from 'a';", (found) =>
            found.Kind == Difference.WeAccept && Regex.IsMatch(found.Source, @"\bnew\s+import\s*\.\s*meta\b")),
        new("the compiler does not read 'let' as a name at the head of a loop", "for (let = 0 as number; ;) ;", (found) =>
            found.Kind == Difference.WeAccept && Regex.IsMatch(found.Source, @"\bfor\s*\(\s*let\s*[^\w\s,;()\[{]")),
        new("the compiler takes 'await' or 'yield' and a word for an operator and its operand where it is a name", "`${await as T}`", (found) =>
            found.Kind == Difference.WeAccept && Regex.IsMatch(found.Source, @"\b(await|yield)\s+(as|satisfies)\b")),
        new("the compiler misses a name that stands on a line behind its dot if a word follows it", "a.\nb as T;", (found) =>
            found.Kind == Difference.WeAccept && Regex.IsMatch(found.Source, @"\.\s*\n\s*\w+\s+(as|satisfies)\b")),
        new("the compiler takes a field for a modifier of the next one", "class A<T> { export\nexport = 1 }", (found) =>
            found.Kind == Difference.WeAccept && found.Rule == "TS1031"),
        new("the compiler's parser imports a type with a private name", "import type { A, #b } from 'c';", (found) =>
            found.Kind == Difference.WeRefuse && Regex.IsMatch(found.Source, @"\b(import|export)\s+type\s*\{[^}]*#")),
        new("the compiler does not read 'let' with an escape as a name", "l\\u0065t\nx as T", (found) =>
            found.Kind == Difference.WeAccept && found.Theirs == "Keywords cannot contain escape characters."),
        new("the compiler lets an enum be called 'let' with an escape, which is no name of a lexical declaration", "enum l\\u0065t {}", (found) =>
            found.Kind == Difference.WeRefuse && Regex.IsMatch(found.Source, @"\benum\s+l\\u0065t\b")),
        new("the compiler's parser takes an enum behind a label", "a: enum B {}", (found) =>
            found.Kind == Difference.WeRefuse && found.Ours!.Contains("An enum cannot be declared here", StringComparison.Ordinal)),
        new("the compiler takes the parentheses of a type away, and makes one chain of two", "(a?.b as T)?.c;", (found) =>
            found.Kind == Difference.TreesDiffer && ChainInParentheses.IsMatch(found.Source)),
        new("a string behind nothing but types is a directive in what the compiler writes", "interface A {}\n'a';", (found) =>
            found.Kind == Difference.TreesDiffer && found.Theirs!.Contains("\"directive\"", StringComparison.Ordinal)),
        new("the compiler drops a decorator in a declaration; we refuse every one", "declare module 'm' { @a class B {} }", (found) =>
            found.Kind == Difference.Erasable && found.Ours is not null && found.Source.Contains('@', StringComparison.Ordinal)),
    ];

    public static CompilerDeviation? Of(Finding found) => All.FirstOrDefault((deviation) => deviation.Explains(found));

    private static bool IsJavaScript(string source) =>
        Parser.Parse(source, Ours.Options(SourceGoal.Script)).Success || Parser.Parse(source, Ours.Options(SourceGoal.Module)).Success;

    [GeneratedRegex(@"<(\s|/\*[\s\S]*?\*/)*>")]
    private static partial Regex EmptyList { get; }

    [GeneratedRegex(@"(:|=>|<)\s*(in|export|extends|default|const|class|case|catch|if|else|enum|for|return|super|switch|throw|try|var|while|with|delete|do|" +
        @"function|break|continue|debugger|finally|instanceof)\s*(=>|<|>)")]
    private static partial Regex ReservedResult { get; }

    [GeneratedRegex(@"\([^()]*\?\.[\s\S]*?(\b(as|satisfies)\b[\s\S]*?|!\s*)\)\s*(\?\.|!|\.|\[|\()")]
    private static partial Regex ChainInParentheses { get; }
}
