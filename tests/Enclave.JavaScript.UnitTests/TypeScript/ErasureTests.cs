using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>The JavaScript that is left of typed programs.</summary>
public sealed class ErasureTests
{
    private static readonly ParserOptions s_typed = new() { Goal = SourceGoal.Module, Language = SourceLanguage.TypeScript };

    [Theory]
    [InlineData("let x: number = 1, y!: string;", "let x=1,y;")]
    [InlineData("function f(this: T, a: string, b?: U[], ...c: any[]): asserts a is V { }", "function f(a,b,...c){}")]
    [InlineData("function f(a: number): void; function f(a: any) { return a }", "function f(a){return a}")]
    [InlineData("const f = async <T, U extends keyof T = never>(a: T): Promise<U> => a", "const f=async a=>a;")]
    [InlineData("x = a as T; y = <T>b; z = c satisfies T; w = d!; v = e as const", "x=a;y=b;z=c;w=d;v=e;")]
    [InlineData("(x as any) = 1; x!.y!++; (a?.b as T).c", "x=1;x.y++;(a?.b).c;")]
    [InlineData("f<T>(x); new A<B<C>>(); tag<T>`a`; a?.<T>(b); const g = f<T>;", "f(x);new A();tag`a`;a?.(b);const g=f;")]
    [InlineData("a < b > (c)", "a(c);")]
    [InlineData("a < b, c > (d)", "a(d);")]
    [InlineData("a < b || c > (d)", "a<b||c>d;")]
    [InlineData("a ? (b) : c => d", "a?b:c=>d;")]
    [InlineData("a ? (b) : c => d : e", "a?b=>d:e;")]
    [InlineData("a ? (b, c) : d", "a?(b,c):d;")]
    [InlineData("a ? (b: T) => c : d", "a?b=>c:d;")]
    [InlineData("x\nas\ny", "x;as;y;")]
    [InlineData("x\n!y", "x;!y;")]
    [InlineData("type\nx = 1", "type;x=1;")]
    [InlineData(
        "var type, of, declare, abstract, as, is; type = of; declare(as); abstract", "var type,of,declare,abstract,as,is;type=of;declare(as);abstract;")]
    [InlineData("class A<T> extends B<T> implements C { declare a: T; private b?: T = 1; static readonly c!: T; [k: string]: T; d(): void; d() { } }",
        "class A extends B{b=1;static c;d(){}}")]
    [InlineData("abstract class A { abstract a: T; abstract b(): void; protected constructor(); constructor() { } override get c(): T { return 1 } }",
        "class A{constructor(){}get c(){return 1}}")]
    [InlineData("interface A<T> extends B, C<T> { (x: T): T; new (x: T): T; readonly [k: string]: T; get a(): T; m?<U>(x: U): x is T }", "")]
    [InlineData(
        "type A<T> = T extends (infer U extends string)[] ? { readonly [K in keyof U as `a${K}`]-?: U[K] } : unique symbol | [a: T, b?: T, ...c: T[]]", "")]
    [InlineData("declare const a: T; declare function f(): T; declare module 'm' { export default a } declare global { var b: T } declare namespace N { enum " +
        "E { A } }", "")]
    [InlineData("namespace N { export type A = 1; interface B { } }", "")]
    [InlineData("import type { A } from 'a'; import type B from 'b'; import type * as C from 'c'; export type { A }; export type * from 'a'; " +
        "export interface D { }", "")]
    [InlineData(
        "import { type A, b, type C as D } from 'a'; import { type E } from 'b'; export { type A, b }", "import{b}from\"a\";import{}from\"b\";export{b};")]
    [InlineData("import type from 'a'; import { type as b } from 'b'; import { type as c } from 'c'",
        "import type from\"a\";import{type as b}from\"b\";import{type as c}from\"c\";")]
    [InlineData("function f<const T extends readonly U[]>(a: T) { return a } const g = <const T,>(a: T) => a; class A { m<const T>(a: T) { } }",
        "function f(a){return a}const g=a=>a;class A{m(a){}}")]
    [InlineData("interface A<in T, out U, in out V = T> { } type B<in out T> = (a: T) => T; class C<in T, out U> { }", "class C{}")]
    [InlineData("type A = abstract new (a: T) => U; let b: abstract new () => T; function f(a: abstract new <T>() => T) { }", "let b;function f(a){}")]
    [InlineData("class A { m?(a: T): U; async?(): T; static s?<T>(a: T): void; 'n'?(): void; [k]?(): void; o?: T }", "class A{o;}")]
    [InlineData("class A { public a: T = 1; public static b = 2; public async m(): Promise<T> { } public get c(): T { return 1 } public constructor() { } }",
        "class A{a=1;static b=2;async m(){}get c(){return 1}constructor(){}}")]
    [InlineData("export default interface A { a: T } export const b = 1", "export const b=1;")]
    [InlineData("export abstract class A<T> { abstract a: T; abstract m(): void; b() { } }", "export class A{b(){}}")]
    [InlineData("export default abstract class A { abstract a: T }", "export default class A{}")]
    [InlineData("const a = <const>x; const b = <const>[1, 'a']; const c = <const T>(d: T) => d", "const a=x;const b=[1,'a'];const c=d=>d;")]
    [InlineData("try { } catch (e: unknown) { } for (const x of y as T[]) { }", "try{}catch(e){}for(const x of y){}")]
    [InlineData("/// <reference path='a' />\nlet o = { m<T>(x: T): T { return x }, get a(): T { return 1 }, async *g<T>() { } }",
        "let o={m(x){return x},get a(){return 1},async*g(){}};")]
    [InlineData("x as T ** y; (-x) as T ** y", "x**y;(-x)**y;")]
    [InlineData("a = async as T; b = async satisfies T; c = async as => as", "a=async;b=async;c=async as=>as;")]
    [InlineData("a = async <T>\n(x: T): Promise<T> => x; b = <T\\u{62}>(x: T) => x", "a=async x=>x;b=x=>x;")]
    public void Types_leave_the_program(string source, string printed)
    {
        ParseResult result = Parser.Parse(
            source, s_typed with { Goal = source.Contains("yield", StringComparison.Ordinal) ? SourceGoal.Script : SourceGoal.Module });

        Assert.True(result.Success, result.Error?.Show(source));
        string expected = Printer.Print(Parser.Parse(printed, ParserOptions.Module).Program!);
        Assert.Equal(expected, Printer.Print(result.Program));
    }

    [Theory]
    [InlineData("namespace N { export const a = 1 }", "write an object", 0)]
    [InlineData("class A { accessor a = 1 }", "getter and a setter", 10)]
    [InlineData("import a = require('b')", "const a = b.c", 0)]
    [InlineData("import a = b.c", "const a = b.c", 0)]
    [InlineData("export = a", "export default", 0)]
    [InlineData("@dec class A { }", "call the function", 0)]
    [InlineData("class A { @dec m() { } }", "call the function", 10)]
    public void Syntax_that_makes_code_is_refused_with_what_to_write_instead(string source, string instead, int offset)
    {
        ParseError error = Parser.Parse(source, s_typed).Error!;

        Assert.Equal(ParseErrorCode.NotErasable, error.Code);
        Assert.Contains(instead, error.Message, StringComparison.Ordinal);
        Assert.Equal(offset, error.Offset);
    }

    [Theory]
    [InlineData("let x: = 1")]
    [InlineData("x as T = 1")]
    [InlineData("<T>x = 1")]
    [InlineData("(x as T) => 1")]
    [InlineData("x!: y")]
    [InlineData("f<T>.a")]
    [InlineData("(a: T)")]
    [InlineData("type A = | () => void | B")]
    [InlineData("const x: T")]
    [InlineData("interface A { m() { } }")]
    [InlineData("export type ** from 'a'")]
    [InlineData("let x: A<B")]
    [InlineData("type A = import('b',)")]
    [InlineData("x = 08")]
    [InlineData("interface A {\n  set\n  a: number }")]
    [InlineData("type A = (readonly\nb) => void")]
    [InlineData("declare function f(readonly\nb: B): void")]
    [InlineData("let [a]!: T = b")]
    [InlineData("for (let a!: T of b) ;")]
    [InlineData("++<T>x")]
    [InlineData("-x as T ** y")]
    [InlineData("let o = { get a<T>() {} }")]
    [InlineData("class A { set a<T>(b) {} }")]
    [InlineData("class A { constructor<T>() {} }")]
    [InlineData("class A { constructor(public constructor) {} }")]
    [InlineData("let o = { m<T><U>() {} }")]
    [InlineData("type A<const\nT> = 1")]
    [InlineData("readonly as T")]
    [InlineData("declare module 'm' { export default interface > {} }")]
    [InlineData("declare module 'm' { public as any as T; }")]
    [InlineData("declare module 'm' { interface A extends implements<B> {} }")]
    public void A_text_that_is_no_type_is_refused(string source) => Assert.False(Parser.Parse(source, s_typed).Success);

    [Fact]
    public void Every_node_keeps_its_offsets()
    {
        const string typed = "const f = (a: number, b?: string): void => { g<T>(a as T)!.c; };";
        const string blank = "const f = (a        , b         )       => { g   (a     ) .c; };";

        Assert.Equal(
            EstreeWriter.Write(Parser.Parse(blank).Program!, blank),
            EstreeWriter.Write(Parser.Parse(typed, s_typed with { Goal = SourceGoal.Script }).Program!, typed));
    }

    [Fact]
    public void A_declaration_file_leaves_nothing()
    {
        const string source = "export const a: number;\nexport default function f(x: string): void;\ndeclare class A { private constructor(); #b; m(): " +
            "void }\nexport = A;\nexport as namespace B;";

        ParseResult result = Parser.Parse(source, s_typed with { Language = SourceLanguage.TypeScriptDeclarations });

        Assert.True(result.Success, result.Error?.Show(source));
        Assert.Empty(result.Program.Body);
    }
}
