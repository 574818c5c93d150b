using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Each line: a source, and the only text that it prints to.</summary>
public sealed class ModulePrintingTests
{
    // 16.2; await at top level, and declarations with using.
    public static TheoryData<string, string> Modules => Cases.Of(
        """
        export default (function(){})                ⇒ export default (function(){});
        export default (class{})                     ⇒ export default (class{});
        export default function(){}                  ⇒ export default function(){}
        export default class{}                       ⇒ export default class{}
        export default (a,b)                         ⇒ export default (a,b);
        export default (function(){})()              ⇒ export default (function(){})();
        export default (class{}).x                   ⇒ export default (class{}).x;
        export default async function(){}            ⇒ export default async function(){}
        export default (async function(){}).x        ⇒ export default (async function(){}).x;
        export default {a}=b                         ⇒ export default {a}=b;
        export default async()=>{}                   ⇒ export default async()=>{};
        import a from"x"                             ⇒ import a from"x";
        import{}from"x"                              ⇒ import"x";
        import"x"                                    ⇒ import"x";
        import*as a from"x"                          ⇒ import*as a from"x";
        import a,*as b from"x"                       ⇒ import a,*as b from"x";
        import{a as a}from"x"                        ⇒ import{a}from"x";
        import a from"x"with{type:"json","b c":"d"}  ⇒ import a from"x"with{type:"json","b c":"d"};
        import"x"with{}                              ⇒ import"x";
        export{}                                     ⇒ export{};
        let a,b;export{a,b as c,b as"d e",a as default} ⇒ let a,b;export{a,b as c,b as"d e",a as default};
        export{}from"x"                              ⇒ export{}from"x";
        export*from"x"                               ⇒ export*from"x";
        export*as a from"x"                          ⇒ export*as a from"x";
        export*as"a b"from"x"                        ⇒ export*as"a b"from"x";
        export const a=1                             ⇒ export const a=1;
        export let b                                 ⇒ export let b;
        export function f(){}                        ⇒ export function f(){}
        export class A{}                             ⇒ export class A{}
        export async function*g(){}                  ⇒ export async function*g(){}
        import from from"from"                       ⇒ import from from"from";
        import.meta.x                                ⇒ import.meta.x;
        new import.meta.x()                          ⇒ new import.meta.x();
        import("a",{with:{}})                        ⇒ import("a",{with:{}});
        await a                                      ⇒ await a;
        await(a,b)                                   ⇒ await(a,b);
        for await(const a of b);                     ⇒ for await(const a of b);
        await using a=b                              ⇒ await using a=b;
        {using a=b}                                  ⇒ {using a=b}
        for(using a of b);                           ⇒ for(using a of b);
        for(await using a of b);                     ⇒ for(await using a of b);
        for await(using a of b);                     ⇒ for await(using a of b);
        import a,{b,c as d}from"x"                   ⇒ import a,{b,c as d}from"x";
        import{"e f" as g,default as h}from"x"       ⇒ import{"e f"as g,default as h}from"x";
        export{a,"b c"as d,"e f","g"as"h"}from"x"    ⇒ export{a,"b c"as d,"e f","g"as"h"}from"x";
        export{a}from"x"with{type:"json"}            ⇒ export{a}from"x"with{type:"json"};
        """);

    [Theory]
    [MemberData(nameof(Modules))]
    public void An_import_or_export_is_read_as_it_was(string source, string printed) => Cases.Check(source, printed, SourceGoal.Module);
}
