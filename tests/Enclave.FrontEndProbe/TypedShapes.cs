using Enclave.JavaScript;

namespace Enclave.FrontEndProbe;

/// <summary>Shapes of TypeScript, mostly texts that look like one thing until their end shows that they are another.</summary>
internal static class TypedShapes
{
    public static IReadOnlyList<Shape> All { get; } =
        [.. Plain().SelectMany((shape) => new[] { shape, shape.Unclosed() }).Select((shape) => shape with { Language = SourceLanguage.TypeScript })];

    private static IEnumerable<Shape> Plain() =>
    [
        new("type arguments", "a<", "b", ">"),
        new("type arguments of calls", "a<", "b", ">", "", "(c)"),
        new("type arguments that are comparisons", "a<", "b", ">", "", "c"),
        new("comparisons and a parenthesis", "a<(", "b", ")"),
        new("comparisons and a brace", "a<{b:", "c", "}"),
        new("comparisons and a bracket", "a<[", "c", "]"),
        new("comparisons that are lists of types", "a<b,", "c", ">"),
        new("conditionals with a parenthesis", "a?(", "b", "):c"),
        new("conditionals and arrows", "a?(b):c=>", "d"),
        new("conditionals and arrows in parentheses", "a?(b):(c=>", "d", ")"),
        new("conditionals and whole arrows", "a?(b):c=>", "d", ":e"),
        new("results of arrows", "(a):", "b", "=>c"),
        new("results of arrows with computed keys", "a?(b):{[", "c", "]:d}"),
        new("arrows with types", "(a:T)=>", "b"),
        new("async arrows with types", "async(a:T):T=>", "b"),
        new("generic arrows", "<T>(a:T)=>", "b"),
        new("assertions in front", "<T>(", "a", ")"),
        new("assertions in front of names", "<T>", "a"),
        new("assertions behind", " as T", "", "", "a"),
        new("non-null assertions", "!", "", "", "a", ";"),
        new("function types", "(a:", "b", ")=>c", "type A="),
        new("parenthesized types", "(", "b", ")", "type A="),
        new("patterns in function types", "({a}:", "b", ")=>c", "type A="),
        new("braces in parentheses of a type", "({a:", "b", "})", "type A="),
        new("conditional types", "a extends b?c:", "d", "", "type A="),
        new("conditional types in the middle", "a extends b?", "c", ":d", "type A="),
        new("conditional types in the condition", "a extends(", "b", ")?c:d", "type A="),
        new("inferred types", "a extends infer B extends(", "b", ")?c:d", "type A="),
        new("unions", "a|", "b", "", "type A="),
        new("intersections in a union", "(a&", "b", ")", "type A="),
        new("arrays of a type", "[]", "", "", "type A=a"),
        new("indices of a type", "a[", "b", "]", "type A="),
        new("tuples", "[a,", "b", "]", "type A="),
        new("object types", "{a:", "b", "}", "type A="),
        new("mapped types", "{[K in ", "b", "]:c}", "type A="),
        new("template types", "`${", "a", "}`", "type A="),
        new("keyofs", "keyof ", "a", "", "type A="),
        new("computed keys of a type", "{[(a as ", "b", ")]:c}", "type A="),
        new("members of an interface", "a:b;", "", "", "interface A{", "}"),
        new("namespaces", "namespace A{", "", "}"),
        new("declared modules", "declare module 'a'{", "", "}"),
        new("enums in enums", "enum A{a=f(),b=(()=>{", "", "return a})()}"),
        new("members of an enum", "a¤,", "", "", "enum A{", "}"),
        new("members of an enum that name others", "b¤=a+1,", "", "", "enum A{a=f(),", "}"),
        new("enums that add members", "enum A{a¤=1}"),
        new("enums that name the one before", "enum A¤{a=f(A.a)}", "", "", "enum A{a}"),
        new("parameter properties", "private a¤,", "", "", "class A{constructor(", "){}}"),
        new("classes with parameter properties", "class A{constructor(private a=", "b", "){}}", "x="),
        new("decorators", "@a(", "b", ")", "", "class A{}"),
        new("decorators in a row", "@a ", "", "", "", "class A{}"),
        new("namespaces with values", "namespace A{let a;", "", "}"),
        new("overloads", "function f():void;"),
        new("interfaces", "interface A{a:b}\n"),
        new("type parameters", "A¤,", "B", "", "function f<", ">(){}"),
        new("type imports", "type a¤,", "", "", "import{", "}from'a'") { Goal = JavaScript.Ast.SourceGoal.Module },
    ];
}
