using Enclave.Guard.Options;
using Enclave.Guard.Tracing;
using Enclave.JavaScript;
using Enclave.JavaScript.Parsing;

namespace Enclave.Guard.UnitTests.Tracing;

/// <summary>The program that a traced script becomes, and what is reported of its statements.</summary>
public sealed class TraceTransformTests
{
    private static readonly ScriptGuard s_guard =
        new(new GuardSettings { Level = GuardLevel.Standard, Preset = GuardPreset.JavaScript, Checks = StaticChecks.Off });

    [Theory]
    [InlineData("const z = o.b.c;", "o, o.b, o.b.c; z")]
    [InlineData("const { a: { b }, ...rest } = o.x;", "o, o.x, o.x.a, o.x.a.b; b, rest")]
    [InlineData("x.list[i]['k'] = y + 1;", "x, i, y, x.list, x.list[i], x.list[i]['k']; x, i, x.list, x.list[i], x.list[i]['k']")]
    [InlineData("a.b.c(d, (e) => e.f, class { g = h });", "a, d, a.b, a.b.c; ")]
    [InlineData("n += 1;", "n; n")]
    [InlineData("if (a.b > c) d();", "a, c, a.b; ")]
    [InlineData("for (const x of xs.ys) f(x);", "xs, xs.ys; x")]
    [InlineData("for (let i = 0, n = a.length; i < n; i++) ;", "a, a.length; i, n")]
    [InlineData("while (queue.length > 0) queue.pop();", "queue, queue.length; queue, queue.length")]
    [InlineData("this.total = super_.x?.y;", "this, super_, this.total, super_.x, super_.x.y; this, this.total")]
    [InlineData("typeof a.b, delete a.c, void 0, `${t}`, new.target;", "a, t, a.b, a.c; ")]
    [InlineData("label: { throw e }", "e; ")]
    public void A_statement_reports_the_names_that_it_reads_and_assigns(string code, string names)
    {
        string source = $"async function f(o, x, y, i, a, c, d, n, xs, queue, super_, t, e) {{ {code} }}";

        TracedStatement statement = Traced(source).Statements.First((one) => one.Function == "f");

        Assert.Equal(names, $"{string.Join(", ", statement.Names)}; {string.Join(", ", statement.NamesAfter)}");
    }

    [Fact]
    public void A_throw_reports_the_tests_before_it_unless_another_name_hides_theirs()
    {
        TracedScript traced = Traced("const a = 1, b = 2; if (a > b) { const a = 3; throw new Error('no') }");

        Assert.Contains("b", traced.Statements.Single((one) => one.Start == traced.Script.Source.IndexOf("throw", StringComparison.Ordinal)).Names);
        Assert.DoesNotContain("a", traced.Statements.Single((one) => one.Start == traced.Script.Source.IndexOf("throw", StringComparison.Ordinal)).Names);
    }

    [Theory]
    [InlineData("var JSON = 1;")]
    [InlineData("if (x) { var { console } = y }")]
    [InlineData("function twice() {} function twice() {}")]
    [InlineData("var f; function f() {}")]
    public void A_program_that_would_change_is_not_traced(string code) => Assert.Null(s_guard.Trace(Script(code), Window()));

    [Theory]
    [InlineData("const JSON = 1; { var inner } function f() { var console; function g() {} var g }")]
    [InlineData("'use strict'; a: for (;;) { b: for (const x in y) { if (x) continue a; else break b } }")]
    [InlineData("switch (x) { case f(): let a = 1; case 2: a; default: { class A extends B { static { c() } #d = e; get [f]() { return this.#d } } } }")]
    [InlineData("async function* g(a = b.c, { d, ...e }, ...[h]) { yield* i; try { await j } catch { k } finally { for await (const l of m) n } }")]
    [InlineData("const o = { f, async *g() {}, get h() { return 1 }, ['i']: (j) => ({ j }), ...k }; [a.b, { c: d.e = 1 }] = o; a?.b.c(d?.[e]); a.b`f${g}`;")]
    [InlineData("do x++; while (x < 3); if (a) ; else if (b) c; else function_(); new (a.b().C)(d.e); (async () => await f)(); (a, b) => c => d")]
    public void A_traced_program_is_a_program(string code)
    {
        TracedScript traced = Traced(code);
        // Return and await stand in it as in the worker's wrapper.
        string program = $"async function program() {{ \"use strict\"; {traced.Script.Code} }}";

        ParseResult parsed = Parser.Parse(program, new ParserOptions());

        Assert.True(parsed.Success, $"{string.Join('\n', parsed.Errors.Select((error) => error.Message))}\n{traced.Script.Code}");
        Assert.All(traced.Statements, (statement) => Assert.InRange(statement.Start, 0, statement.End));
        Assert.Equal(Enumerable.Range(1, traced.Statements.Length), traced.Statements.Select((statement) => statement.Id));
    }

    [Fact]
    public void Places_lead_to_the_text_of_the_author()
    {
        const string Code = "const a = 1;\nconst f = (o) =>\n  o.x.y;\nf(a);";
        GuardedScript traced = Traced(Code).Script;
        string[] lines = traced.Code.Split('\n');
        int line = lines.Length - 1 - traced.Code.AsSpan(traced.Code.LastIndexOf(".x.y", StringComparison.Ordinal)).Count('\n');

        int column = lines[line].LastIndexOf(".x.y", StringComparison.Ordinal);

        Assert.Equal(3, traced.Original(line + 1, column + 3)?.Line);
        Assert.Null(traced.Original(1, 5));
    }

    private static GuardedScript Script(string code)
    {
        ValidationResult verdict = s_guard.Examine(code, []);
        Assert.True(verdict.IsAccepted, string.Join('\n', verdict.Issues));
        return verdict.Script!;
    }

    private static TracedScript Traced(string code) => s_guard.Trace(Script(code), Window()) ?? throw new InvalidOperationException(code);

    private static TraceWindow Window() => new("mark", 1, 1000, 0, 1);
}
