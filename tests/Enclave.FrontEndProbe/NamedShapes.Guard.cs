namespace Enclave.FrontEndProbe;

/// <summary>Shapes for the lookups of the rules, the transform and the score.</summary>
internal static partial class NamedShapes
{
    private static IEnumerable<Shape> Rules() =>
    [
        Each("aliases of aliases", (i) => N($"const x{i + 1}=x{i};x{i + 1}();"), "const x0=f;"),
        Each("aliases of one name", (i) => N($"const x{i}=y;x{i}();"), "let y=f;"),
        Halves("aliases of one name that is read often", (_) => "y;", (i) => N($"const x{i}=y;x{i}();"), "let y=f;"),
        Each("aliases of the global object", (i) => N($"const g{i}=globalThis;g{i}.a{i};")),
        Each("aliases of Object", (i) => N($"const o{i}=Object;o{i}.getPrototypeOf(x);")),
        Each("the global object in itself", (_) => "x=" + Join(30, ".", (_) => "globalThis") + ".a;"),
        Each("parts of literals", (i) => N($"([f,g][{i % 9}])();({{a:f,b:g}}).b();")),
        Each("what arrows call this", (_) => "(()=>this);"),
        Each("members of this", (i) => N($"this.a{i};")),
        Each("sizes that are sums of sums", (_) => "Array(s0);", Join(8, "", (k) => N($"const s{k}=s{k + 1}+s{k + 1};"))),
        Each("tests that are sums of sums", (_) => "for(;t0;);", Join(9, "", (k) => N($"const t{k}=t{k + 1}&&t{k + 1};"))),
        Halves("tests that are a long template", (_) => "${a}", (_) => "for(;t;);", "const t=`", "`;"),
        Each("tests that are a long big integer", (_) => "for(;t;);", "const t=0x" + Times(1_400, "0") + "n;\n"),
        Each("powers", (i) => N($"2n**{i}n;")),
        Each("repetitions", (i) => N($"s.repeat({i});")),
        Each("lengths of arrays", (_) => "length:1,", "Array.from({", "})"),
        Each("text as patterns", (i) => N($"s.match('(a{i}|b)+c');")),
        Each("long text as patterns", (_) => "s.match(p);", "const p='" + Times(60, "a*b*") + "';"),
        Each("text of many branches as patterns", (_) => "s.match(p);", "const p='(" + Times(60, "ab|") + "x)+';"),
        Each("patterns made at run time", (i) => N($"new RegExp('a{i}*a*');")),
        Each("replacers", (i) => N($"JSON.stringify(a,(k{i},v)=>v);")),
        Each("code behind return", (i) => N($"{{return {i};var a{i};f()}}")),
        Each("names of the transform", (i) => N($"__ag_{i}=1;")),
        Each("spread arguments", (i) => N($"f(...a{i},{i});")),
        Each("calls in calls", (i) => Times(15, "f(") + N($"a{i}") + Times(15, ")") + ";"),
        Each("sums of nine hundred parts", (i) => N($"x={Join(9, "\n", (_) => Times(100, "1+"))}v{i};")),
        Each("chains of three hundred members", (i) => N($"o{Times(300, ".a")}.b{i};")),
        Each("else behind else", (i) => Times(100, "if(a)b;else ") + N($"c{i};")),
        Each("awaits", (i) => N($"await f{i}();")),
        Each("optional chains", (i) => N($"o?.k{i}?.[0]?.();")),
        Each("deletions", (i) => N($"delete o.k{i};")),
        Each("loops in loops", (i) => Times(6, "for(const x of y)") + N($"z{i};")),
        Each("callbacks", (i) => N($"xs.map((a{i})=>a{i});")),
        Each("loops over whole numbers", (i) => N($"for(let i{i}=0;i{i}<9;i{i}+=2)f(i{i});")),
        Each("loops that start at the variable around them", (i) => N($"for(let a{i}=1;a{i}<9;a{i}++)for(let b{i}=a{i}+1;b{i}<9;b{i}+=a{i})f();")),
        Each("loops that all start at one variable", (i) => N($"for(let i{i}=i;i{i}<9;i{i}+=i+1);"), "for(let i=0;i<9;i++){", "}"),
        Each("a loop whose variable is read often", (_) => "i;", "for(let i=0;i<9;i++){", "}"),
    ];

    private static IEnumerable<Shape> Keys() =>
    [
        Each("keys that are constants", (i) => N($"const k{i}='a{i}';o[k{i}];")),
        Each("keys that are numbers", (i) => N($"let n{i}=1;n{i}=2;o[n{i}];")),
        Each("keys that are no numbers", (i) => N($"let n{i}=f;o[n{i}];")),
        Halves("keys that are numbers, then keys that are none", (i) => N($"let n{i}=1;o[n{i}];"), (i) => N($"let m{i}=f;o[m{i}];")),
        Each("keys that are sums of the key before", (i) => N($"let n{i + 1}=n{i}+1;o[n{i + 1}];"), "let n0=1;"),
        Each("keys that are sums of a key that is none", (i) => N($"let n{i + 1}=n{i}+1;o[n{i + 1}];"), "let n0=f;"),
        Each("keys that are written often", (_) => "n=1;o[n];", "let n;"),
        Each("keys made of pieces", (i) => N($"o['a'+'b'+{i}];")),
        Each("keys made of choices", (_) => "o[" + Join(6, "+", (_) => "(a?'b':c?'d':'e')") + "];"),
        Each("long keys made of choices", (_) => "o[k0];", "const l='" + Times(120, "x") + "';" + Join(
            6, "", (k) => N($"const k{k}=(a?l+'{k}':b?l+'y':k{k + 1})+(c?'z':k{k + 1});"))),
        Each("keys that grow", (_) => "k+='a';o[k];", "let k='';"),
        Halves("keys that are a list turned round", (_) => "1,", (_) => "o[a.reverse().join('')];", "const a=[", "];"),
        Halves("keys that are a list of holes", (_) => ",", (_) => "o[a.join('')];", "const a=[", "];"),
        Halves("keys that are a list", (_) => "'',", (_) => "o[a];", "const a=[", "];"),
        Halves("keys that are a template", (_) => "${''}", (_) => "o[a];", "const a=`", "`;"),
        Halves("keys that are an object", (i) => N($"a{i}:1,"), (_) => "o[a];", "const a={", "};"),
        Halves("keys that are a property", (i) => N($"a{i}:1,"), (_) => "o[a.z];", "const a={", "z:'a'};"),
        Each("keys that are codes", (i) => N($"o[String.fromCharCode({Join(12, ",", (k) => N($"{(i + k) % 99}"))})];")),
        Each("keys that are refused", (_) => "o['con'+'structor'];"),
        Each("members that are refused", (_) => "o.constructor;"),
        Each("prototypes in literals", (_) => "({__proto__:a});"),
        Each("properties", (i) => N($"k{i}:{i},"), "x={", "}"),
        Each("computed properties", (i) => N($"[k{i}]:{i},"), "x={", "}"),
        Each("properties that are numbers", (i) => N($"{i}:1,"), "x={", "}"),
        Each("one property again and again", (_) => "k:1,", "x={", "}"),
    ];

    private static IEnumerable<Shape> Tools() =>
    [
        Each("calls of tools", (i) => N($"callTool('t{i}',{{k{i}:{i}}});")),
        Each("calls of unknown tools", (i) => N($"callTool('list',{{}});callTool('a{i}',{{}});")),
        Each("sensitive words", (i) => N($"callTool('t',{{password{i}:'a'}});")),
        Halves("arguments under one name", (i) => N($"k{i}:'token',"), (_) => "callTool('t',o);", "const o={", "};"),
        Halves("one long name of a tool", (_) => "aB", (_) => "callTool(n);", "const n=`", "`;"),
        Halves("a tool under another name", (i) => N($"const t{i + 1}=t{i};"), (i) => N($"t{i}('a');"), "const t0=callTool;"),
        Halves("patterns in a pattern over a large literal", (i) => N($"p{i}:{{q:q{i}}},"), (i) => N($"k{i}:1,"), "const{", "z}={", "};callTool('t',{})"),
        Halves("lists in a pattern over a large list", (i) => N($"[q{i}],"), (_) => "1,", "const[", "z]=[", "];callTool('t',{})"),
        Halves("lists in a pattern over a spread", (i) => N($"[q{i}],"), (i) => N($"...a{i},"), "const[", "z]=[", "];callTool('t',{})"),
        Each("functions that call the function before", (i) => N($"const f{i + 1}=()=>f{i}();"), "const f0=()=>callTool('t',{});"),
        Each("functions that call the function behind", (i) => N($"const f{i}=()=>f{i + 1}();"), "callTool('t',{});"),
        Each("callbacks by name", (i) => N($"const f{i}=(x)=>callTool('t',{{x}});xs.map(f{i});")),
        Each("one callback for many lists", (i) => N($"x{i}.map(f);"), "const f=(x)=>callTool('t',{x});"),
        Each("loops over what tools return", (i) => N($"const r{i}=await callTool('t',{{}});for(const x of r{i})callTool('u',{{x}});")),
        Each(
            "values made of what tools return", (i) => N($"const r{i + 1}=[r{i}];"), "const r0=await callTool('t',{});", "for(const x of r9)callTool('t',{});"),
        Each("tools in lists", (i) => N($"await Promise.all([callTool('t{i}',{{}})]);")),
    ];

    private static IEnumerable<Shape> Texts() =>
    [
        Each("Cyrillic names", (i) => N($"имя{i};")),
        Each("names that imitate others", (i) => N($"let pаy{i};")),
        Each("escaped names", (i) => N($"\\u0061{i};")),
        Each("long escaped names", (i) => N($"\\u{{000061}}b\\u0063{i};")),
        Each("names of a thousand characters", (i) => N($"{Times(1_000, "n")}{i};")),
        Each("big integers of a thousand digits", (_) => Times(1_000, "9") + "n;"),
        Each("big integers of a thousand hexadecimal digits", (_) => "0x" + Times(1_000, "f") + "n;"),
        Each("properties that are big integers", (_) => "0x" + Times(1_000, "f") + "n:1,", "x={", "}"),
        Each("numbers of a thousand digits", (_) => Times(1_000, "9") + ";"),
        Each("fractions of a thousand digits", (_) => "0." + Times(1_000, "9") + ";"),
        Each("octal numbers of a thousand digits", (_) => "0o" + Times(1_000, "7") + ";"),
        Each("texts of escapes", (_) => "'" + Times(100, "\\u0061\\x62\\n") + "';"),
        Each("texts", (i) => N($"'a{i}';")),
        Each("lines", (i) => N($"a{i};") + Times(1_400, " ")),
        Each("templates", (i) => N($"`a${{v{i}}}b`;")),
        Each("templates in templates", (i) => Times(15, "`${") + N($"v{i}") + Times(15, "}`") + ";"),
        Each("tagged templates", (i) => N($"t`a${{v{i}}}`;")),
        Each("comments with names", (i) => N($"/*{i}*/")),
        Each("comments of stars", (_) => "/*" + Times(700, "*") + "*/;"),
        Each("slashes", (i) => N($"a/{i}/b;")),
        Each("regular expressions", (i) => N($"/(?<n{i}>a)|(?<n{i}>b)/u;")),
        Each("groups of one regular expression", (i) => N($"(?<n{i % 90}>a)|"), "/", "b/u"),
        Each("long regular expressions", (_) => "/" + Times(120, "a*") + "b/;"),
        Each("directives", (i) => N($"'use {i}';")),
    ];

    /// <summary>Programs with an early error of strict code, which are parsed once more as sloppy code.</summary>
    private static IEnumerable<Shape> Sloppy() =>
    [
        Each("functions in blocks of sloppy code", (i) => N($"{{function f{i}(){{}}}}"), tail: "with(a)b;"),
        Each("one function in all blocks of sloppy code", (_) => "{function f(){}}", tail: "with(a)b;"),
        Each("functions in a catch clause of sloppy code", (i) => N($"try{{}}catch(f{i}){{function f{i}(){{}}}}"), tail: "with(a)b;"),
        Each("variables in a catch clause of sloppy code", (i) => N($"try{{}}catch(f){{var f,g{i}}}"), tail: "with(a)b;"),
        Each("with", (i) => N($"with(a{i})b{i};")),
        Each("eval in functions of sloppy code", (i) => N($"function f{i}(){{eval('')}}"), tail: "with(a)b;"),
        Each("repeated parameters of sloppy code", (_) => "a,", "function f(", "z){}with(a)b;"),
        Each("functions in twenty blocks of sloppy code", (i) => Times(10, "{") + N($"function f{i}(){{}}") + Times(10, "}"), tail: "with(a)b;"),
    ];
}
