using System.Globalization;
using System.Text;

namespace Enclave.FrontEndProbe;

/// <summary>Shapes whose names, numbers and places the script chooses, as the worst case for tables keyed by them.</summary>
internal static partial class NamedShapes
{
    // Lines are far shorter than every level's limit on a line, and far fewer than every level's limit on lines.
    private const int LineLength = 1_500;

    public static IReadOnlyList<Shape> All { get; } = [.. Scopes(), .. Classes(), .. Rules(), .. Keys(), .. Tools(), .. Texts(), .. Sloppy()];

    /// <summary>One part again and again, with its number.</summary>
    private static Shape Each(string name, Func<int, string> part, string head = "", string tail = "") => new(name, "")
    {
        Writer = (length) => head + Repeat(length, part) + tail,
    };

    /// <summary>Two parts, each of them half of the text.</summary>
    private static Shape Halves(string name, Func<int, string> first, Func<int, string> second, string head = "", string between = "", string tail = "") =>
        new(name, "")
        {
            Writer = (length) => head + Repeat(length / 2, first) + between + Repeat(length / 2, second) + tail,
        };

    private static string Repeat(int length, Func<int, string> part)
    {
        var text = new StringBuilder(length + 64);
        int line = 0;
        for (int i = 0; text.Length < length; i++)
        {
            text.Append(part(i));
            if (text.Length - line < LineLength) continue;
            text.Append('\n');
            line = text.Length;
        }

        return text.ToString();
    }

    private static string Times(int count, string part) => string.Concat(Enumerable.Repeat(part, count));

    private static string Join(int count, string between, Func<int, string> part) => string.Join(between, Enumerable.Range(0, count).Select(part));

    private static string N(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<Shape> Scopes() =>
    [
        Each("arrows whose parameters are in step with their scopes", (i) => N($"(a{i}=>1);")),
        Each("blocks whose names are in step with their scopes", (i) => N($"{{let v{i};v{i}}}")),
        Each("blocks with two names in step", (i) => N($"{{let v{i},w{i};v{i}}}")),
        Halves("blocks whose names are in step the other way round", (i) => N($"let v{99_999_999 - i};"), (i) => N($"{{let v{99_999_999 - i}}}")),
        Halves("blocks that declare every 64th name", (i) => N($"let v{i};"), (i) => N($"{{let v{i * 64 % 4096}}}")),
        Halves("blocks that declare every 1031st name", (i) => N($"let v{i};"), (i) => N($"{{let v{i * 1031 % 65536},w{i}}}")),
        Each("arrows with eight parameters each", (i) => N($"(({Join(8, ",", (k) => N($"p{i * 8 + k}"))})=>1);")),
        Each("arrows with a default and a body", (i) => N($"((a{i}=1)=>{{var b{i}}});")),
        Each("arrows in arrows", (i) => N($"(a{i}=>b{i}=>c{i}=>a{i}+b{i});")),
        Each("catch clauses", (i) => N($"try{{}}catch(e{i}){{e{i}}}")),
        Each("catch clauses with patterns", (i) => N($"try{{}}catch({{e{i}}}){{e{i}}}")),
        Each("heads of loops", (i) => N($"for(let i{i}=0;i{i}<1;i{i}++);")),
        Each("heads of loops over lists", (i) => N($"for(const x{i} of y)x{i};")),
        Each("cases with declarations", (i) => N($"case {i}:let s{i};"), "switch(x){", "}"),
        Each("switches", (i) => N($"switch(x){{case {i}:let s{i}}}")),
        Each("variables in forty blocks", (i) => N($"var v{i};"), Times(40, "{"), Times(40, "}")),
        Each("forty blocks with a variable in each", (i) => Times(20, "{") + N($"var v{i}") + Times(20, "}")),
        Each("one name in all blocks", (_) => "{let v;v}"),
        Each("one variable in all blocks", (_) => "{var v;v}"),
        Halves("one name that all arrows capture", (i) => N($"let v{i};"), (i) => N($"(()=>v{i});")),
        Each("a name that everybody reads", (_) => "v;", "let v;"),
        Each("a name that everybody writes", (_) => "v=1;", "let v;"),
        Each("names nobody declares", (i) => N($"u{i};")),
        Each("names one slip away from others", (i) => N($"consol{(char)('a' + (i % 26))};")),
        Each("parameters of one arrow", (i) => N($"p{i},"), "((", "z)=>1)"),
        Each("parameters that are patterns", (i) => N($"{{p{i}}},"), "((", "z)=>1)"),
        Each("parameters of an async arrow", (i) => N($"p{i},"), "(async(", "z)=>1)"),
        Each("arguments of what may be an async arrow", (i) => N($"async(a{i},{{b{i}}},[c{i}]);")),
        Each("async arrows", (i) => N($"(async(a{i},[b{i}])=>1);")),
        Each("defaults in defaults", (i) => Times(15, "(a=") + N($"b{i}") + Times(15, ")=>1") + ";"),
        Each("patterns that were literals", (i) => N($"[a,{{b:[c{i},d]}}]=e;")),
        Each("patterns in patterns", (i) => N($"const{{a:[b{i}=1,{{c:c{i}}}]}}=o;")),
        Each("a pattern of many names", (i) => N($"k{i}:v{i},"), "const{", "z}=o"),
        Each("a pattern of many computed keys", (i) => N($"[k{i}]:v{i},"), "const{", "z}=o"),
        Each("a list of many names", (i) => N($"v{i},"), "const[", "z]=o"),
        Each("labels one after the other", (i) => N($"l{i}:for(const x of[]){{break l{i}}}")),
        Each("jumps out of forty labels", (_) => "for(const x of y){break l0}", Join(40, "", (k) => N($"l{k}:")) + "{", "}"),
        Each("eval in arrows", (_) => "(()=>eval('1'));"),
        Each("arguments", (_) => "(function(){arguments});"),
        Each("functions", (i) => N($"function f{i}(a{i}){{}}")),
        Each("functions in blocks", (i) => N($"{{function f{i}(){{}}}}")),
        Each("imports", (i) => N($"import{{a{i}}}from'a';")),
        Each("exports", (i) => N($"export const a{i}=1;")),
    ];

    private static IEnumerable<Shape> Classes() =>
    [
        Each("classes", (i) => N($"class C{i}{{x=C{i}}}")),
        Each("class expressions", (i) => N($"(class C{i}{{x=C{i}}});")),
        Each("private names in classes", (i) => N($"class C{i}{{#p{i};q=this.#p{i}}}")),
        Halves("private names of one class", (i) => N($"#p{i};"), (i) => N($"q{i}=this.#p{i};"), "class C{", tail: "}"),
        Each("classes in classes that use the outer names", (i) => N($"i{i}=class{{y=this.#a}};"), "class C{#a;", "}"),
        Each("classes in classes that hide the outer names", (i) => N($"i{i}=class{{#a;y=this.#a}};"), "class C{#a;", "}"),
        Each("private accessors", (i) => N($"get #p{i}(){{return 1}}set #p{i}(v){{}}"), "class C{", "}"),
        Each("static blocks", (i) => N($"static{{var v{i}}}"), "class C{", "}"),
        Each("fields that are arrows", (i) => N($"f{i}=(a{i})=>a{i};"), "class C{", "}"),
        Each("computed fields", (i) => N($"[k{i}]=1;"), "class C{", "}"),
    ];
}
