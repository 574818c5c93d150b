using Enclave.JavaScript.Ast;

namespace Enclave.FrontEndProbe;

/// <summary>The known shapes, and random ones made of their parts.</summary>
internal static class Shapes
{
    /// <summary>Nested parts.</summary>
    public static IReadOnlyList<Shape> Nested { get; } =
    [
        new("parentheses", "(", "a", ")"),
        new("arrays", "[", "", "]"),
        new("array patterns", "[", "a", "]", "", "=b"),
        new("blocks", "{", "", "}"),
        new("templates", "`${", "a", "}`"),
        new("conditionals", "a?b:", "c"),
        new("conditionals in the middle", "a?", "b", ":c"),
        new("arrows", "a=>", "b"),
        new("async arrows", "async a=>", "b"),
        new("arrows with defaults", "(a=", "b", ")=>c"),
        new("async arrows with defaults", "async(a=", "b", ")=>c"),
        new("arrows in parentheses", "((a)=>", "b", ")"),
        new("calls", "f(", "", ")"),
        new("async calls", "async(", "", ")"),
        new("imports", "import(", "a", ")"),
        new("computed accesses", "a[", "b", "]"),
        new("negations", "!", "a"),
        new("minuses", "- ", "a"),
        new("typeofs", "typeof ", "a"),
        new("news", "new ", "a"),
        new("awaits", "await ", "a", "", "async()=>{", "}"),
        new("yields", "yield ", "a", "", "function*g(){", "}"),
        new("powers", "a**", "b"),
        new("assignments", "a=", "b"),
        new("objects", "({a:", "b", "})"),
        new("object patterns", "{a:", "b", "}", "(", "=c)"),
        new("pattern defaults", "{a=", "b", "}", "(", "=c)"),
        new("declared patterns", "{a:[", "b", "]}", "let ", "=c"),
        new("computed keys", "({[", "a", "]:b})"),
        new("spreads", "[...", "a", "]"),
        new("functions", "function f(){", "", "}"),
        new("function expressions", "(function(){", "", "})"),
        new("parameters", "function f(a=", "b", "){}", "x=", ""),
        new("methods", "({m(){", "", "}})"),
        new("classes", "class A{m(){", "", "}}"),
        new("heritage", "class extends ", "A", "{}", "x="),
        new("fields", "class{a=", "b", "}", "x="),
        new("static blocks", "class A{static{", "", "}}"),
        new("ifs", "if(a)", "b"),
        new("elses", "if(a)b;else ", "c"),
        new("labels", "a¤:", "b"),
        new("fors", "for(;;)", "a"),
        new("for heads", "for(a of ", "b", ")c"),
        new("whiles", "while(a)", "b"),
        new("dos", "do ", "a", ";while(b)"),
        new("withs", "with(a)", "b"),
        new("tries", "try{", "", "}catch{}"),
        new("switches", "switch(a){case b:", "", "}"),
        new("groups of a regular expression", "(", "a", ")", "/", "/"),
        new("lookaheads of a regular expression", "(?=", "a", ")", "/", "/u"),
        new("classes of a regular expression", "[", "a", "]", "/", "/v"),
        new("regular expressions", "/[/[", "", ""),
        new("exports", "export default (", "a", ")") { Goal = SourceGoal.Module },
    ];

    /// <summary>Parts in a row.</summary>
    public static IReadOnlyList<Shape> Flat { get; } =
    [
        new("statements", "a;"),
        new("lines", "a\n"),
        new("accesses", ".a", "", "", "a"),
        new("optional accesses", "?.a", "", "", "a"),
        new("curried calls", "()", "", "", "a"),
        new("tags", "``", "", "", "a"),
        new("indices", "[0]", "", "", "a"),
        new("sums", "a+", "b"),
        new("comparisons", "a<", "b"),
        new("disjunctions", "a||", "b"),
        new("coalescings", "a??", "b"),
        new("commas", "a,", "b"),
        new("elements", "a,", "", "", "[", "]"),
        new("holes", ",", "", "", "[", "]=a"),
        new("arguments", "a,", "", "", "f(", ")"),
        new("parameters of a function", "a¤,", "", "", "function f(", "){}"),
        new("arrow parameters", "a¤,", "", "", "(", ")=>a"),
        new("properties", "a¤:1,", "", "", "({", "})"),
        new("shorthands", "a¤,", "", "", "({", "}=a)"),
        new("variables", "a¤,", "b", "", "var "),
        new("declarations", "let a¤;"),
        new("same variables", "var a;", "", "", "{let b;{", "}}"),
        new("function declarations", "function f¤(){}"),
        new("same functions", "function f(){}", "", "", "{", "}"),
        new("methods of a class", "m¤(){}", "", "", "class A{", "}"),
        new("private fields", "#a¤;", "", "", "class A{", "}"),
        new("cases", "case ¤:a;", "", "", "switch(b){", "}"),
        new("labelled statements", "a¤:;"),
        new("if statements", "if(a);else;"),
        new("template parts", "${a}b", "", "", "`", "`"),
        new("template texts", "`a`;"),
        new("strings", "'a\\n';"),
        new("regular expression literals", "/a/g;"),
        new("arrow statements", "(a)=>b;"),
        new("sequences in parentheses", "(a,b);"),
        new("patterns", "[a,{b}]=c;"),
        new("import names", "a¤,", "", "", "import{", "}from'a'") { Goal = SourceGoal.Module },
        new("export names", "a as a¤,", "", "", "let a;export{", "}") { Goal = SourceGoal.Module },
        new("directives", "'a';"),
        new("a long identifier", "a"),
        new("an escaped identifier", "\\u{61}"),
        new("a long number", "1"),
        new("a separated number", "1_", "1"),
        new("a long big integer", "9", "n"),
        new("a long fraction", "0", "1", "", "."),
        new("a long string", "a", "", "", "'", "'"),
        new("an escaped string", "\\u0061", "", "", "'", "'"),
        new("a continued string", "\\\n", "", "", "'", "'"),
        new("a long template", "a", "", "", "`", "`"),
        new("a template of line ends", "\r\n", "", "", "`", "`"),
        new("a long regular expression", "a", "", "", "/", "/"),
        new("alternatives of a regular expression", "a|", "", "", "/", "/u"),
        new("named groups of a regular expression", "(?<a¤>b)", "", "", "/", "/"),
        new("quantifiers of a regular expression", "a{1,2}", "", "", "/", "/"),
        new("back references of a regular expression", "\\¤", "", "", "/()", "/"),
        new("a long block comment", "a", "", "", "/*", "*/"),
        new("a block comment of stars", "*", "", "", "/*", "*/"),
        new("a long line comment", "a", "", "", "//"),
        new("comments", "/**/"),
        new("comments before an arrow", "/**/", "", "", "(a)", "=>b"),
        new("html comments", "<!--\n"),
        new("closing html comments", "-->\n"),
        new("blanks", " "),
        new("empty lines", "\n"),
        new("unclosed parentheses in statements", "(;"),
        new("less-than signs", "<"),
        new("backslashes", "\\"),
        new("surrogates", "\ud835"),
    ];

    /// <summary>Both, and the nested ones also unclosed.</summary>
    public static IReadOnlyList<Shape> All { get; } =
        [.. Nested, .. Nested.Where((shape) => shape.Close.Length > 0).Select((shape) => shape.Unclosed()), .. Flat];

    /// <summary>
    /// The shapes for the guard: those that choose their names, and all others. Parts stand on their own lines if they can. Otherwise the pre-scan would refuse
    /// the long line, and no later step would see it.
    /// </summary>
    public static IReadOnlyList<Shape> Examined { get; } = [.. NamedShapes.All, .. All.Select((shape) => shape.OnLines())];

    /// <summary>A known shape, or two to four nested ones in turns.</summary>
    public static Shape Random(Random random)
    {
        if (random.Next(3) == 0) return All[random.Next(All.Count)];
        Shape[] parts = [.. Enumerable.Range(0, random.Next(2, 5)).Select((_) => Nested[random.Next(Nested.Count)])];
        var mixed = new Shape(
            string.Join(" in ", parts.Reverse().Select((part) => part.Name)),
            string.Concat(parts.Select((part) => part.Head + part.Open)),
            parts[^1].Middle,
            string.Concat(parts.Reverse().Select((part) => part.Close + part.Tail)));
        return random.Next(3) == 0 ? mixed.Unclosed() : mixed;
    }
}
