namespace Enclave.Guard.Tests.PreScan;

/// <summary>Slashes that begin a regular expression, and slashes that divide.</summary>
public sealed class SlashTests
{
    [Theory]
    [InlineData("x = /a/g")]
    [InlineData("/a/g.test(x)")]
    [InlineData("f(/a/g)")]
    [InlineData("[/a/g]")]
    [InlineData("({a: /a/g})")]
    [InlineData("x ? /a/g : 1")]
    [InlineData("x ? 1 : /a/g")]
    [InlineData("return /a/g")]
    [InlineData("typeof /a/g")]
    [InlineData("case /a/g: x")]
    [InlineData("throw /a/g")]
    [InlineData("if (x) /a/g.exec(y)")]
    [InlineData("while (x) /a/g.exec(y)")]
    [InlineData("for (;;) /a/g.exec(y)")]
    [InlineData("for await (a of b) /a/g.exec(y)")]
    [InlineData("else /a/g.exec(y)")]
    [InlineData("for (const x of /a/g.exec(y)) z")]
    [InlineData("for ([x] of /a/g.exec(y)) z")]
    [InlineData("for (const {x} of /a/g.exec(y)) z")]
    [InlineData("{ a } /a/g.exec(y)")]
    [InlineData("if (x) { a } /a/g.exec(y)")]
    [InlineData("function f() {} /a/g.exec(y)")]
    [InlineData("async function f() {} /a/g.exec(y)")]
    [InlineData("class A { m() {} } /a/g.exec(y)")]
    [InlineData("x = () => {}\n/a/g.exec(y)")]
    [InlineData("a: { b } /a/g.exec(y)")]
    [InlineData("`${/a/g}`")]
    [InlineData("x => /a/g")]
    [InlineData("!/a/g.test(x)")]
    [InlineData("x = a\n++/a/g.lastIndex")]
    [InlineData("[.../a/g]")]
    [InlineData("x /* c */ = /* c */ /a/g")]
    [InlineData("#!/usr/bin/env node\n/a/g")]
    [InlineData("switch (x) { case 1: { } /a/g.exec(y) }")]
    public void Regular_expression(string source) => Assert.Equal(["/a/g"], Scanned.Regexes(source));

    [Theory]
    [InlineData("x /a/g")]
    [InlineData("x++ /a/g")]
    [InlineData("1 /a/g")]
    [InlineData("1. /a/g")]
    [InlineData("'s' /a/g")]
    [InlineData("`t` /a/g")]
    [InlineData("`t${x}` /a/g")]
    [InlineData("(x) /a/g")]
    [InlineData("f(x) /a/g")]
    [InlineData("x[0] /a/g")]
    [InlineData("a.if (x) /a/g")]
    [InlineData("a.return /a/g")]
    [InlineData("a?.typeof /a/g")]
    [InlineData("x = {} /a/g")]
    [InlineData("x = { b: 1 } /a/g")]
    [InlineData("x = a ? b : {} /a/g")]
    [InlineData("x = function () {} /a/g")]
    [InlineData("x = async function f() {} /a/g")]
    [InlineData("x = class { m() {} } /a/g")]
    [InlineData("x = class A extends B { m() {} } /a/g")]
    [InlineData("({ a: {} /a/g })")]
    [InlineData("this /a/g")]
    [InlineData("of /a/g")]
    [InlineData("for (of /a/g; ;) z")]
    [InlineData("x = /b/ /a/g", "/b/")]
    [InlineData("имя /a/g")]
    [InlineData("\\u0061 /a/g")]
    [InlineData("x /= a /g")]
    public void Division(string source, params string[] regexes) => Assert.Equal(regexes, Scanned.Regexes(source));

    [Theory]
    [InlineData("// /a/")]
    [InlineData("/* /a/ */")]
    [InlineData("'/a/'")]
    [InlineData("`/a/`")]
    [InlineData("<!-- /a/")]
    [InlineData("x\n--> /a/")]
    public void Text(string source) => Assert.Empty(Scanned.Regexes(source));

    [Theory]
    [InlineData("x = /[/(]/", "/[/(]/")]
    [InlineData("x = /\\/(/", "/\\/(/")]
    [InlineData("x = /[\\]/]/u", "/[\\]/]/u")]
    public void Its_end_is_found_behind_classes_and_escapes(string source, string regex)
    {
        Assert.Equal([regex], Scanned.Regexes(source));
        Assert.Equal(0, Scanned.Depth(source));
    }

    [Fact]
    public void Behind_a_word_that_may_be_a_name_brackets_count()
    {
        Assert.Equal(5, Scanned.Depth("yield / ((((( 1 ))))) / 1"));
        Assert.Equal(5, Scanned.Depth("await /`/; ((((( 1 ))))); `/`"));
    }
}
