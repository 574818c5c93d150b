using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Each line: a source, and the only text that it prints to.</summary>
public sealed class ExpressionPrintingTests
{
    // 14.5, 15.3: tokens with which an expression statement and the body of an arrow function may not begin.
    public static TheoryData<string, string> Starts => Cases.Of(
        """
        ()=>({})               ⇒ ()=>({});
        ()=>({}).x             ⇒ ()=>({}).x;
        ()=>({a}=b)            ⇒ ()=>({a}=b);
        ({a}=b)                ⇒ ({a}=b);
        ({}).x                 ⇒ ({}).x;
        ({}).x, 1              ⇒ ({}).x,1;
        (function(){})()       ⇒ (function(){})();
        (function(){}).call()  ⇒ (function(){}).call();
        (class{}).x            ⇒ (class{}).x;
        (async function(){})() ⇒ (async function(){})();
        (let)[0]=1             ⇒ (let)[0]=1;
        let.x                  ⇒ (let).x;
        let                    ⇒ (let);
        using                  ⇒ using;
        using[x]               ⇒ using[x];
        using.x                ⇒ using.x;
        async                  ⇒ async;
        async()                ⇒ async();
        async(a,b)             ⇒ async(a,b);
        (async()=>{})()        ⇒ (async()=>{})();
        get                    ⇒ get;
        of                     ⇒ of;
        static                 ⇒ static;
        let async;async=1      ⇒ let async;async=1;
        let=>1                 ⇒ (let)=>1;
        (a)=function(){}       ⇒ (a)=function(){};
        (a)??=()=>1            ⇒ (a)??=()=>1;
        (a)=function f(){}     ⇒ a=function f(){};
        (a)=b                  ⇒ a=b;
        a=(function(){})       ⇒ a=function(){};
        [(a)=class{}]=b        ⇒ [(a)=class{}]=b;
        """);

    // 13.3: optional chains, new, calls.
    public static TheoryData<string, string> Access => Cases.Of(
        """
        new (a())()            ⇒ new(a())();
        new (a().b)            ⇒ new(a()).b();
        new (a().b.c)          ⇒ new(a()).b.c();
        new (a.b().c)          ⇒ new(a.b()).c();
        new (import("x"))      ⇒ new(import("x"))();
        new (import("x").y)    ⇒ new(import("x")).y();
        new a.b.c              ⇒ new a.b.c();
        new (a())`x`           ⇒ new(a())`x`();
        new (a()`x`)           ⇒ new(a())`x`();
        new a`x`               ⇒ new a`x`();
        new (a?.b)()           ⇒ new(a?.b)();
        new (a?.b())           ⇒ new(a?.b())();
        new new X()()          ⇒ new new X()();
        new (new X)            ⇒ new new X()();
        new (foo().bar.baz(1)) ⇒ new(foo().bar.baz(1))();
        (new X).y              ⇒ new X().y;
        new (class{})          ⇒ new class{}();
        new (function(){})     ⇒ new function(){}();
        new (()=>{})           ⇒ new(()=>{})();
        new (a,b)              ⇒ new(a,b)();
        (a?.b).c               ⇒ (a?.b).c;
        a?.b.c                 ⇒ a?.b.c;
        (a?.b)()               ⇒ (a?.b)();
        a?.b()                 ⇒ a?.b();
        (a?.b())()             ⇒ (a?.b())();
        (a?.b)`x`              ⇒ (a?.b)`x`;
        a?.[b]                 ⇒ a?.[b];
        a?.()                  ⇒ a?.();
        (a?.b)?.c              ⇒ (a?.b)?.c;
        delete a?.b            ⇒ delete a?.b;
        (a?.b)[c]              ⇒ (a?.b)[c];
        this.x                 ⇒ this.x;
        import("x")            ⇒ import("x");
        import("x").then(a)    ⇒ import("x").then(a);
        var ünï=1,𠮷=2         ⇒ var ünï=1,𠮷=2;
        """);

    // 13.4 to 13.16, and tokens that must not touch each other.
    public static TheoryData<string, string> Operators => Cases.Of(
        """
        (a,b)                            ⇒ a,b;
        f((a,b),c)                       ⇒ f((a,b),c);
        [(a,b)]                          ⇒ [(a,b)];
        ({[(a,b)]:1})                    ⇒ ({[(a,b)]:1});
        [...(a,b)]                       ⇒ [...(a,b)];
        a[b,c]                           ⇒ a[b,c];
        (a??b)||c                        ⇒ (a??b)||c;
        a??(b||c)                        ⇒ a??(b||c);
        (a&&b)??c                        ⇒ (a&&b)??c;
        a??(b&&c)                        ⇒ a??(b&&c);
        a??b??c                          ⇒ a??b??c;
        a??(b??c)                        ⇒ a??(b??c);
        (a??b)&&c                        ⇒ (a??b)&&c;
        a||b&&c                          ⇒ a||b&&c;
        (a||b)&&c                        ⇒ (a||b)&&c;
        a&&(b&&c)                        ⇒ a&&(b&&c);
        a||(b||c)                        ⇒ a||(b||c);
        (-a)**b                          ⇒ (-a)**b;
        (+a)**b                          ⇒ (+a)**b;
        a**-b                            ⇒ a**-b;
        a**b**c                          ⇒ a**b**c;
        (a**b)**c                        ⇒ (a**b)**c;
        (++a)**b                         ⇒ ++a**b;
        (a++)**b                         ⇒ a++**b;
        (typeof a)**b                    ⇒ (typeof a)**b;
        async function f(){(await a)**b} ⇒ async function f(){(await a)**b}
        async function f(){await (a**b)} ⇒ async function f(){await(a**b)}
        - -x                             ⇒ - -x;
        + +x                             ⇒ + +x;
        - --x                            ⇒ - --x;
        + ++x                            ⇒ + ++x;
        -+x                              ⇒ -+x;
        +-x                              ⇒ +-x;
        a- -b                            ⇒ a- -b;
        a-(-b)                           ⇒ a- -b;
        a- --b                           ⇒ a- --b;
        a+ +b                            ⇒ a+ +b;
        a++ + b                          ⇒ a++ +b;
        a+ ++b                           ⇒ a+ ++b;
        a-- - b                          ⇒ a-- -b;
        a-- > b                          ⇒ a-- >b;
        a-- >= b                         ⇒ a-- >=b;
        a-- >> b                         ⇒ a-- >>b;
        a<!(--b)                         ⇒ a< !--b;
        a<!b                             ⇒ a< !b;
        a< /re/.x                        ⇒ a</re/.x;
        a / /re/                         ⇒ a/ /re/;
        a?b:c?d:e                        ⇒ a?b:c?d:e;
        (a?b:c)?d:e                      ⇒ (a?b:c)?d:e;
        a?(b,c):d                        ⇒ a?(b,c):d;
        a?(b?c:d):e                      ⇒ a?b?c:d:e;
        a=b=c                            ⇒ a=b=c;
        a=(b,c)                          ⇒ a=(b,c);
        (a=b).c                          ⇒ (a=b).c;
        a+=b                             ⇒ a+=b;
        a**=b                            ⇒ a**=b;
        a>>>=b                           ⇒ a>>>=b;
        a||=b                            ⇒ a||=b;
        a&&=b                            ⇒ a&&=b;
        a??=b                            ⇒ a??=b;
        (a=b)+c                          ⇒ (a=b)+c;
        a+(b=c)                          ⇒ a+(b=c);
        void 0                           ⇒ void 0;
        !a                               ⇒ !a;
        ~a                               ⇒ ~a;
        !(a,b)                           ⇒ !(a,b);
        !(a&&b)                          ⇒ !(a&&b);
        !function(){}()                  ⇒ !function(){}();
        typeof a                         ⇒ typeof a;
        typeof(a+b)                      ⇒ typeof(a+b);
        typeof(()=>{})                   ⇒ typeof(()=>{});
        delete a.b                       ⇒ delete a.b;
        -(-a)                            ⇒ - -a;
        !(!a)                            ⇒ !!a;
        a+b+c                            ⇒ a+b+c;
        a+(b+c)                          ⇒ a+(b+c);
        a-(b-c)                          ⇒ a-(b-c);
        a*(b+c)                          ⇒ a*(b+c);
        (a+b)*c                          ⇒ (a+b)*c;
        a*b+c                            ⇒ a*b+c;
        a<b<c                            ⇒ a<b<c;
        a<(b<c)                          ⇒ a<(b<c);
        a===b                            ⇒ a===b;
        a in b                           ⇒ a in b;
        a instanceof b                   ⇒ a instanceof b;
        (a in b)instanceof c             ⇒ a in b instanceof c;
        a|b^c&d                          ⇒ a|b^c&d;
        (a|b)&c                          ⇒ (a|b)&c;
        a<<b>>c>>>d                      ⇒ a<<b>>c>>>d;
        a%b                              ⇒ a%b;
        x++                              ⇒ x++;
        ++x                              ⇒ ++x;
        x.y++                            ⇒ x.y++;
        --x.y                            ⇒ --x.y;
        -x++                             ⇒ -x++;
        1?2:3                            ⇒ 1?2:3;
        a?.5:1                           ⇒ a?0.5:1;
        a?0.5:1                          ⇒ a?0.5:1;
        x=a?[b]:c                        ⇒ x=a?[b]:c;
        (1,eval)("x")                    ⇒ (1,eval)("x");
        (0,a.b)()                        ⇒ (0,a.b)();
        (a,b).c                          ⇒ (a,b).c;
        (a=>b).c                         ⇒ (a=>b).c;
        (()=>{})``                       ⇒ (()=>{})``;
        """);

    [Theory]
    [MemberData(nameof(Starts))]
    public void No_statement_or_arrow_body_begins_with_what_would_make_it_another(string source, string printed) =>
        Cases.Check(source, printed, SourceGoal.Script);

    [Theory]
    [MemberData(nameof(Access))]
    public void An_access_or_call_keeps_its_head(string source, string printed) => Cases.Check(source, printed, SourceGoal.Script);

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_operator_keeps_its_operands(string source, string printed) => Cases.Check(source, printed, SourceGoal.Script);
}
