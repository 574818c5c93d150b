using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Each line: a source, and the only text that it prints to.</summary>
public sealed class StatementPrintingTests
{
    // 14.7.4, 14.7.5: the operator in, and names that look like keywords.
    public static TheoryData<string, string> ForHeads => Cases.Of(
        """
        for(let of=1;;);                           ⇒ for(let of=1;;);
        for((let) of x);                           ⇒ for((let)of x);
        for((let).x in y);                         ⇒ for((let).x in y);
        for((let)[0] of y);                        ⇒ for((let)[0]of y);
        for((let);;);                              ⇒ for((let);;);
        for((async) of []);                        ⇒ for((async)of[]);
        for(async.x of []);                        ⇒ for(async.x of[]);
        for(x.async of []);                        ⇒ for((x.async)of[]);
        async function f(){for await(async of x);} ⇒ async function f(){for await((async)of x);}
        for(var i=(a in b);;);                     ⇒ for(var i=(a in b);;);
        for(var i=(a in b)?1:2;;);                 ⇒ for(var i=(a in b)?1:2;;);
        for(var i=a?b in c:d;;);                   ⇒ for(var i=a?b in c:d;;);
        for(var i=a?b:(c in d);;);                 ⇒ for(var i=a?b:(c in d);;);
        for(var i=()=>(a in b);;);                 ⇒ for(var i=()=>(a in b);;);
        for(var i=()=>{a in b};;);                 ⇒ for(var i=()=>{a in b};;);
        for(var i=[a in b];;);                     ⇒ for(var i=[a in b];;);
        for(var i=f(a in b);;);                    ⇒ for(var i=f(a in b);;);
        for(var i=x[a in b];;);                    ⇒ for(var i=x[a in b];;);
        for(var i={[a in b]:c in d};;);            ⇒ for(var i={[a in b]:c in d};;);
        for(var i=`${a in b}`;;);                  ⇒ for(var i=`${a in b}`;;);
        for(var i=(a,b in c);;);                   ⇒ for(var i=(a,b in c);;);
        for((a in b);;);                           ⇒ for((a in b);;);
        for((a in b)+1;;);                         ⇒ for((a in b)+1;;);
        for(1+(a in b);;);                         ⇒ for(1+(a in b);;);
        for(!(a in b);;);                          ⇒ for(!(a in b);;);
        for(a=(b in c);;);                         ⇒ for(a=(b in c);;);
        for(a=b,(c in d);;);                       ⇒ for(a=b,(c in d);;);
        for(var {a=b in c}=d;;);                   ⇒ for(var{a=b in c}=d;;);
        for(var i=(x=a in b)=>x;;);                ⇒ for(var i=(x=a in b)=>x;;);
        for(var i=function(){a in b};;);           ⇒ for(var i=function(){a in b};;);
        for(var i=new (a in b);;);                 ⇒ for(var i=new(a in b)();;);
        for(;a in b;a in b);                       ⇒ for(;a in b;a in b);
        for(var a=1 in b);                         ⇒ for(var a=1 in b);
        for(var a=(1 in c) in b);                  ⇒ for(var a=(1 in c)in b);
        for(const {a} of b);                       ⇒ for(const{a}of b);
        for(const [a] of b);                       ⇒ for(const[a]of b);
        for(let [a] of b);                         ⇒ for(let[a]of b);
        for(let {a} in b);                         ⇒ for(let{a}in b);
        for(let a in b,c);                         ⇒ for(let a in b,c);
        for(a of (b,c));                           ⇒ for(a of(b,c));
        for(a.b of c);                             ⇒ for(a.b of c);
        for([a] of c);                             ⇒ for([a]of c);
        for({a} of c);                             ⇒ for({a}of c);
        for(let i=0,j;i<j;i++,j--)f();             ⇒ for(let i=0,j;i<j;i++,j--)f();
        for(async of=>{};;);                       ⇒ for(async(of)=>{};;);
        """);

    // Clause 14.
    public static TheoryData<string, string> Statements => Cases.Of(
        """
        if(a){if(b)c}else d                         ⇒ if(a){if(b)c}else d;
        if(a){for(;;)if(b)c}else d                  ⇒ if(a){for(;;)if(b)c}else d;
        if(a)b;else c                               ⇒ if(a)b;else c;
        if(a)b;else if(c)d;else e                   ⇒ if(a)b;else if(c)d;else e;
        if(a);else b                                ⇒ if(a);else b;
        if(a);                                      ⇒ if(a);
        if(a)b;else;                                ⇒ if(a)b;else;
        if(a){}else{}                               ⇒ if(a){}else{}
        if(a){b}else{c}                             ⇒ if(a){b}else{c}
        if(a)do b;while(c);else d                   ⇒ if(a)do b;while(c);else d;
        while(a);                                   ⇒ while(a);
        while(a)b                                   ⇒ while(a)b;
        do;while(a)                                 ⇒ do;while(a);
        do a;while(b)                               ⇒ do a;while(b);
        do{a}while(b)                               ⇒ do{a}while(b);
        do a;while(b)c                              ⇒ do a;while(b);c;
        for(;;);                                    ⇒ for(;;);
        for(;;){}                                   ⇒ for(;;){}
        with(a)b                                    ⇒ with(a)b;
        l:;                                         ⇒ l:;
        l:for(;;){continue l;break l}               ⇒ l:for(;;){continue l;break l}
        l:{break l}                                 ⇒ l:{break l}
        l:m:n:x                                     ⇒ l:m:n:x;
        if(a)function f(){}                         ⇒ if(a)function f(){}
        l:function f(){}                            ⇒ l:function f(){}
        switch(a){}                                 ⇒ switch(a){}
        switch(a){case 1:case"a":b;break;default:c} ⇒ switch(a){case 1:case"a":b;break;default:c}
        switch(a){case b,c:{}default:;}             ⇒ switch(a){case b,c:{}default:;}
        switch(a){case{}:case[]:case-1:case/x/:}    ⇒ switch(a){case{}:case[]:case-1:case /x/:}
        try{}catch{}                                ⇒ try{}catch{}
        try{a}catch(e){b}finally{c}                 ⇒ try{a}catch(e){b}finally{c}
        try{}catch({a}){}                           ⇒ try{}catch({a}){}
        try{}finally{}                              ⇒ try{}finally{}
        throw a,b                                   ⇒ throw a,b;
        function f(){return}                        ⇒ function f(){return}
        function f(){return a,b}                    ⇒ function f(){return a,b}
        function f(){return{}}                      ⇒ function f(){return{}}
        function f(){return/a/}                     ⇒ function f(){return /a/}
        function f(){return"a"}                     ⇒ function f(){return"a"}
        function f(){return-1}                      ⇒ function f(){return-1}
        function f(){return function(){}}           ⇒ function f(){return function(){}}
        null                                        ⇒ null;
        debugger                                    ⇒ debugger;
        a;;b                                        ⇒ a;;b;
        var a,b=1,{c}=d,[e]=f                       ⇒ var a,b=1,{c}=d,[e]=f;
        var{a}=b                                    ⇒ var{a}=b;
        const a=1                                   ⇒ const a=1;
        let a                                       ⇒ let a;
        let[a]=b                                    ⇒ let[a]=b;
        yield:a                                     ⇒ yield:a;
        var yield=1;yield                           ⇒ var yield=1;yield;
        var await=1;await                           ⇒ var await=1;await;
        /(?<a>b)\k<a>/u                             ⇒ /(?<a>b)\k<a>/u;
        /[\]/]/                                     ⇒ /[\]/]/;
        /[^/]+/dgimsuy                              ⇒ /[^/]+/dgimsuy;
        /[[a]&&[b]]/v                               ⇒ /[[a]&&[b]]/v;
        1 .x                                        ⇒ 1..x;
        0 in a                                      ⇒ 0 in a;
        1 instanceof b                              ⇒ 1 instanceof b;
        """);

    // 11.2.1.
    public static TheoryData<string, string> Directives => Cases.Of(
        """
        "use strict";a                            ⇒ "use strict";a;
        'use\x20strict'                           ⇒ "use\x20strict";
        'a"b'                                     ⇒ 'a"b';
        "a'b"                                     ⇒ "a'b";
        "a\"b"                                    ⇒ "a\"b";
        'a\'b"c'                                  ⇒ 'a\'b"c';
        ("use strict")                            ⇒ ("use strict");
        ("use strict");"use strict"               ⇒ ("use strict");"use strict";
        "a";("b");"c"                             ⇒ "a";("b");"c";
        function f(){"use strict"}                ⇒ function f(){"use strict"}
        function f(){("use strict")}              ⇒ function f(){("use strict")}
        function f(){"a";"use strict";x}          ⇒ function f(){"a";"use strict";x}
        ()=>{"use strict"}                        ⇒ ()=>{"use strict"};
        ()=>{("use strict")}                      ⇒ ()=>{("use strict")};
        "use strict"+1                            ⇒ "use strict"+1;
        "use strict".length                       ⇒ "use strict".length;
        "use strict",1                            ⇒ "use strict",1;
        a;"use strict"                            ⇒ a;"use strict";
        {"use strict"}                            ⇒ {"use strict"}
        class A{static{"use strict"}m(){"a"}}     ⇒ class A{static{"use strict"}m(){"a"}}
        '\u2028\u2029\0\x001\b\t\n\v\f\r\x7f\x80' ⇒ "\u2028\u2029\0\x001\b\t\n\v\f\r\x7f\x80";
        """);

    [Theory]
    [MemberData(nameof(ForHeads))]
    public void The_head_of_a_for_statement_is_read_as_it_was(string source, string printed) => Cases.Check(source, printed, SourceGoal.Script);

    [Theory]
    [MemberData(nameof(Statements))]
    public void A_statement_is_read_as_it_was(string source, string printed) => Cases.Check(source, printed, SourceGoal.Script);

    [Theory]
    [MemberData(nameof(Directives))]
    public void A_directive_stays_one_and_no_other_string_becomes_one(string source, string printed) => Cases.Check(source, printed, SourceGoal.Script);
}
