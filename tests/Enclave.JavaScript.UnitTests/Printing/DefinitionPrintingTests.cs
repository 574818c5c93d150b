using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Each line: a source, and the only text that it prints to.</summary>
public sealed class DefinitionPrintingTests
{
    // 15.2 to 15.6, 15.8, 15.9.
    public static TheoryData<string, string> Functions => Cases.Of(
        """
        (()=>{})()                                   ⇒ (()=>{})();
        (()=>{}).x                                   ⇒ (()=>{}).x;
        (a=>a)?b:c                                   ⇒ (a=>a)?b:c;
        (a=>a)||b                                    ⇒ (a=>a)||b;
        a||(b=>c)                                    ⇒ a||(b=>c);
        x=>y=>z                                      ⇒ x=>y=>z;
        x=>(y,z)                                     ⇒ x=>(y,z);
        (x,y)=>z                                     ⇒ (x,y)=>z;
        async x=>y                                   ⇒ async(x)=>y;
        async(x,y)=>z                                ⇒ async(x,y)=>z;
        async()=>{}                                  ⇒ async()=>{};
        (async)=>1                                   ⇒ (async)=>1;
        async=>1                                     ⇒ (async)=>1;
        (async x=>y)()                               ⇒ (async(x)=>y)();
        async x=>({})                                ⇒ async(x)=>({});
        async x=>await y                             ⇒ async(x)=>await y;
        function f(a,b=1,{c},[d]=e,...g){}           ⇒ function f(a,b=1,{c},[d]=e,...g){}
        function*g(){}                               ⇒ function*g(){}
        async function f(){}                         ⇒ async function f(){}
        async function*f(){}                         ⇒ async function*f(){}
        async()=>{await a}                           ⇒ async()=>{await a};
        function*g(){yield;yield a;yield*a;yield(a,b);yield/re/;yield{}} ⇒ function*g(){yield;yield a;yield*a;yield(a,b);yield /re/;yield{}}
        function*g(){(yield)+1;(yield a)?b:c;(yield).x;`${yield}`} ⇒ function*g(){(yield)+1;(yield a)?b:c;(yield).x;`${yield}`}
        function*g(){x=yield a;yield yield a;[yield];f(yield a,yield)} ⇒ function*g(){x=yield a;yield yield a;[yield];f(yield a,yield)}
        async function*g(){yield await x;yield*await z} ⇒ async function*g(){yield await x;yield*await z}
        async function f(){(await a).b;await a.b}    ⇒ async function f(){(await a).b;await a.b}
        async function f(){await(a+b);(await a)();new(await a)} ⇒ async function f(){await(a+b);(await a)();new(await a)()}
        function f(){new.target;new new.target.x}    ⇒ function f(){new.target;new new.target.x()}
        """);

    // 15.7.
    public static TheoryData<string, string> Classes => Cases.Of(
        """
        class A extends (a,b){}                      ⇒ class A extends(a,b){}
        class A extends (a?b:c){}                    ⇒ class A extends(a?b:c){}
        class A extends (()=>{}){}                   ⇒ class A extends(()=>{}){}
        class A extends f(){}                        ⇒ class A extends f(){}
        class A extends a.b{}                        ⇒ class A extends a.b{}
        class A extends {}{}                         ⇒ class A extends{}{}
        class A extends (a=b){}                      ⇒ class A extends(a=b){}
        class A extends (class{}){}                  ⇒ class A extends class{}{}
        class A extends a?.b{}                       ⇒ class A extends a?.b{}
        class A{get;*x(){}}                          ⇒ class A{get;*x(){}}
        class A{static;*x(){}}                       ⇒ class A{static;*x(){}}
        class A{'constructor'(){}}                   ⇒ class A{"constructor"(){}}
        class A{static{a;b}static{}}                 ⇒ class A{static{a;b}static{}}
        class A{in;of;x=a in b}                      ⇒ class A{in;of;x=a in b}
        class A{x=()=>1;y=(a,b)}                     ⇒ class A{x=()=>1;y=(a,b)}
        class A{get;set;static;async}                ⇒ class A{get;set;static;async}
        class A{a;b=1;"c"=2;3=4;[d]=5;#e=6}          ⇒ class A{a;b=1;"c"=2;3=4;[d]=5;#e=6}
        class A{static f=7;static static=1;static get;static async;} ⇒ class A{static f=7;static static=1;static get;static async}
        class A{get x(){}set x(v){}static get x(){}static set x(v){}} ⇒ class A{get x(){}set x(v){}static get x(){}static set x(v){}}
        class A{async x(){}*y(){}async*z(){}static async*w(){}} ⇒ class A{async x(){}*y(){}async*z(){}static async*w(){}}
        class A{get(){}set(){}static(){}async(){}static static(){}} ⇒ class A{get(){}set(){}static(){}async(){}static static(){}}
        class A{#x;static#y=1;get#z(){}}             ⇒ class A{#x;static#y=1;get#z(){}}
        class A{#x;m(o){return #x in o}}             ⇒ class A{#x;m(o){return#x in o}}
        class A{#x;m(o){(#x in o)&&o?.#x}}           ⇒ class A{#x;m(o){#x in o&&o?.#x}}
        class A{#x;m(o){1+(#x in o)}}                ⇒ class A{#x;m(o){1+(#x in o)}}
        class A{#x;m(a,b){#x in a in b}}             ⇒ class A{#x;m(a,b){#x in a in b}}
        class A{#x;m(a,b){#x in(a in b)}}            ⇒ class A{#x;m(a,b){#x in(a in b)}}
        class A extends B{constructor(){super();super.x;super[x]()}} ⇒ class A extends B{constructor(){super();super.x;super[x]()}}
        """);

    // 13.2.4, 13.2.5, 13.15.5.
    public static TheoryData<string, string> Objects => Cases.Of(
        """
        ({1e999:1,1e21:2,0.5:3,1n:4})                ⇒ ({1e999:1,1e+21:2,0.5:3,1n:4});
        ({__proto__})                                ⇒ ({__proto__});
        ({__proto__:__proto__})                      ⇒ ({__proto__:__proto__});
        ({"__proto__":x})                            ⇒ ({"__proto__":x});
        ({["__proto__"]:x})                          ⇒ ({["__proto__"]:x});
        ({a,b:c,d:d})                                ⇒ ({a,b:c,d:d});
        ({a=1}=b)                                    ⇒ ({a=1}=b);
        ({a:a=1}=b)                                  ⇒ ({a:a=1}=b);
        ({a:b=1,...c}=d)                             ⇒ ({a:b=1,...c}=d);
        ({async,get,set})                            ⇒ ({async,get,set});
        [a,b]=[b,a]                                  ⇒ [a,b]=[b,a];
        [a,,b,,]=c                                   ⇒ [a,,b,,]=c;
        [,]                                          ⇒ [,];
        [,,]                                         ⇒ [,,];
        [a,,]                                        ⇒ [a,,];
        [a,...b]=c                                   ⇒ [a,...b]=c;
        [a=1,[b]=c,{d}={}]=e                         ⇒ [a=1,[b]=c,{d}={}]=e;
        [a.b,c[d]]=e                                 ⇒ [a.b,c[d]]=e;
        f(...a,...b)                                 ⇒ f(...a,...b);
        f((a,b),...(c,d))                            ⇒ f((a,b),...(c,d));
        ({get x(){},set x(v){},async x(){},*y(){},async*z(){}}) ⇒ ({get x(){},set x(v){},async x(){},*y(){},async*z(){}});
        ({get:1,set:2,async:3,get(){},"a b"(){},[c](){},get [d](){},1(){}}) ⇒ ({get:1,set:2,async:3,get(){},"a b"(){},[c](){},get[d](){},1(){}});
        """);

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_is_read_as_it_was(string source, string printed) => Cases.Check(source, printed, SourceGoal.Script);

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_class_is_read_as_it_was(string source, string printed) => Cases.Check(source, printed, SourceGoal.Script);

    [Theory]
    [MemberData(nameof(Objects))]
    public void An_object_array_or_pattern_is_read_as_it_was(string source, string printed) => Cases.Check(source, printed, SourceGoal.Script);
}
