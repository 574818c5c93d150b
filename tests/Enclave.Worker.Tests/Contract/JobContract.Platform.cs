using Enclave.Protocol.Messages;

namespace Enclave.Worker.Tests;

/// <summary>Objects whose data is in none of their properties, errors with causes, and lines of the console that cannot be read.</summary>
public abstract partial class JobContract
{
    [Theory]
    [InlineData("new URL('b?c=d#e', 'https://a.example/x/')", "\"https://a.example/x/b?c=d#e\"")]
    [InlineData("new (class Place extends URL { own = 1; })('https://a.example')", "\"https://a.example/\"")]
    [InlineData("new URLSearchParams({ a: '1', b: 'ü &' })", "\"a=1&b=%C3%BC+%26\"")]
    [InlineData("new URL('https://a.example/?x=1').searchParams", "\"x=1\"")]
    [InlineData("new Headers([['B', '1'], ['a', '2'], ['b', '3']])", "{\"a\":\"2\",\"b\":\"1, 3\"}")]
    [InlineData("new Headers([['set-cookie', 'a=1'], ['Set-Cookie', 'b=2']])", "{\"set-cookie\":[\"a=1\",\"b=2\"]}")]
    [InlineData("new Headers()", "{}")]
    [InlineData("Temporal.PlainDate.from('2026-02-03')", "\"2026-02-03\"")]
    [InlineData("Temporal.Instant.from('2026-02-03T04:05:06Z')", "\"2026-02-03T04:05:06Z\"")]
    [InlineData("Temporal.Duration.from({ hours: 2 })", "\"PT2H\"")]
    [InlineData("Temporal.ZonedDateTime.from('2026-02-03T04:05:06Z[UTC]')", "\"2026-02-03T04:05:06+00:00[UTC]\"")]
    [InlineData("Temporal.PlainTime.from('04:05')", "\"04:05:00\"")]
    [InlineData("Temporal.PlainDateTime.from('2026-02-03T04:05')", "\"2026-02-03T04:05:00\"")]
    [InlineData("Temporal.PlainYearMonth.from('2026-02')", "\"2026-02\"")]
    [InlineData("Temporal.PlainMonthDay.from('02-03')", "\"02-03\"")]
    [InlineData("new Intl.Locale('cs-CZ')", "\"cs-CZ\"")]
    [InlineData("new (class Empty { #x = 1; get x() { return this.#x; } })()", "{}")]
    [InlineData("new (class Row { a = 1; toJSON() { return 2; } })()", "{\"a\":1}")]
    [InlineData("(function () { return arguments; })(1, 2)", "{\"0\":1,\"1\":2}")]
    public void Objects_of_the_platform_cross_in_their_json_form(string value, string json)
    {
        if (value.StartsWith("Temporal", StringComparison.Ordinal) && Run("return typeof Temporal").Value.AsString() == "undefined") return;
        Assert.Equal(
            $"[{json},{{\"at\":{json}}},[{json},{json}]]", Run($"const make = () => {value}; return [make(), {{ at: make() }}, [make(), make()]]").Json);

        CalledTool call = Assert.Single(Run($"await callTool('t', {{ at: {value} }})").Calls);
        Assert.Equal($"{{\"at\":{json}}}", JobAnswer.Decode(call.Args).ToJsonString());
    }

    [Theory]
    [InlineData("new Blob(['a'])", "Blob")]
    [InlineData("new File(['a'], 'n')", "File")]
    [InlineData("new FormData()", "FormData")]
    [InlineData("new AbortController()", "AbortController")]
    [InlineData("new AbortController().signal", "AbortSignal")]
    [InlineData("new Map([[1, 2]]).keys()", "Iterator")]
    [InlineData("new Set([1]).values()", "Iterator")]
    [InlineData("[1].entries()", "Iterator")]
    [InlineData("'ab'[Symbol.iterator]()", "Iterator")]
    [InlineData("'ab'.matchAll(/a/g)", "Iterator")]
    [InlineData("[1].values().map((x) => x)", "Iterator")]
    [InlineData("new Intl.NumberFormat('en')", "Intl.NumberFormat")]
    [InlineData("new Intl.DateTimeFormat('en')", "Intl.DateTimeFormat")]
    public void Objects_of_the_platform_without_a_json_form_are_refused_with_their_path(string value, string type)
    {
        JobAnswer answer = Run($"return {{ list: [1, {value}] }}");
        string caught = Run($"try {{ await callTool('t', {{ list: [1, {value}] }}) }} catch (error) {{ return error.message }}").Value.AsString();

        Assert.Equal((ScriptErrorKind.Value, "TypeError"), (answer.Error.Kind, answer.Error.Name));
        string message = $"an object of the type {type} at $.list[1] cannot cross: values are data only; send ";
        Assert.StartsWith(message, answer.Error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"callTool arguments: {message}", caught, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new Error('a', { cause: new TypeError('b', { cause: 'c' }) })",
        "{\"name\":\"Error\",\"message\":\"a\",\"cause\":{\"name\":\"TypeError\",\"message\":\"b\",\"cause\":\"c\"}}")]
    [InlineData("new AggregateError([new Error('x'), 2], 'all')",
        "{\"name\":\"AggregateError\",\"message\":\"all\",\"errors\":[{\"name\":\"Error\",\"message\":\"x\"},2]}")]
    [InlineData("Object.assign(new Error('a'), { code: 'E_A' })", "{\"name\":\"Error\",\"message\":\"a\",\"code\":\"E_A\"}")]
    [InlineData("Object.assign(new Error('a'), { code: 7, cause: { at: [1] } })", "{\"name\":\"Error\",\"message\":\"a\",\"code\":7,\"cause\":{\"at\":[1]}}")]
    [InlineData("Object.assign(new Error('a'), { code() {} })", "{\"name\":\"Error\",\"message\":\"a\"}")]
    [InlineData("(() => { const e = new Error('a'); e.cause = e; return e; })()", "{\"name\":\"Error\",\"message\":\"a\",\"cause\":\"[Circular]\"}")]
    [InlineData("new DOMException('m', { name: 'AbortError', cause: 1 })", "{\"name\":\"AbortError\",\"message\":\"m\",\"cause\":1}")]
    public void Cause_errors_and_code_of_an_error_cross(string value, string json) => Assert.Equal(json, Run($"return {value}").Json);

    [Fact]
    public void A_cause_that_is_no_data_is_refused_with_its_path()
    {
        JobAnswer answer = Run("return [new Error('a', { cause: { f() {} } })]");

        Assert.Equal("a function at $[0].cause.f cannot cross: values are data only", answer.Error.Message);
    }

    [Theory]
    [InlineData("throw new Error('a', { cause: new TypeError('b', { cause: 'c' }) })", null, "TypeError: b|c", "")]
    [InlineData("throw Object.assign(new Error('a', { cause: Object.assign(new Error('b'), { code: 5 }) }), { code: 'E_A' })", "E_A", "Error: b (5)", "")]
    [InlineData("throw new AggregateError([new RangeError('x'), 2], 'all')", null, "", "RangeError: x|2")]
    [InlineData("await Promise.any([Promise.reject(new Error('x'))])", null, "", "Error: x")]
    [InlineData("throw { message: 'm', code: 7, cause: null }", "7", "null", "")]
    [InlineData("const e = new Error('a'); e.cause = new Error('b', { cause: e }); throw e", null, "Error: b", "")]
    [InlineData("const e = new Error('a'); for (let at = e, i = 0; i < 9; i++) at = at.cause = new Error(i); throw e", null,
        "Error: 0|Error: 1|Error: 2|Error: 3|Error: 4", "")]
    [InlineData("const e = new Error('a'); Object.defineProperty(e, 'cause', { get() { throw 1; } }); throw e", null, "", "")]
    [InlineData("throw Object.assign(new Error('a'), { get cause() { return Symbol('s'); }, errors: Array(50).fill('x') })", null, "a symbol",
        "x|x|x|x|x|x|x|x|x|x")]
    public void Cause_errors_and_code_of_a_thrown_error_are_reported(string code, string? expected, string causes, string errors)
    {
        ScriptError error = Run(code).Error;

        Assert.Equal((expected, causes, errors), (error.Code, string.Join('|', error.Causes), string.Join('|', error.Errors)));
    }

    [Theory]
    [InlineData("console.log({ get a() { throw new Error('no'); }, b: 1 })", "{ a: [threw Error: no], b: 1 }")]
    [InlineData("console.log([1, { get a() { throw 'no'; } }], 2)", "[ 1, { a: [threw no] } ] 2")]
    [InlineData("console.log(new Proxy({}, { ownKeys() { throw new Error('no'); } }))", "[threw Error: no]")]
    [InlineData("console.log(new Proxy({}, { getPrototypeOf() { throw new Error('no'); } }), 1)", "[threw Error: no] 1")]
    [InlineData("const { proxy, revoke } = Proxy.revocable([], {}); revoke(); console.log({ proxy })",
        "{ proxy: [threw TypeError: Cannot perform 'getPrototypeOf' on a proxy that has been revoked] }")]
    [InlineData("console.log('%d|%i|%f|%s', { toString() { throw 2; } }, 1, { toString() { throw 3; } }, 4)", "[threw 2]|1|[threw 3]|4")]
    [InlineData("console.log(Object.defineProperty(() => 1, 'name', { get() { throw new Error('no'); } }))", "[threw Error: no]")]
    [InlineData("console.log(Object.defineProperty(new Error('e'), 'stack', { get() { throw new Error('no'); } }))", "[threw Error: no]")]
    [InlineData("console.log({ get a() { throw { get name() { throw 1; } }; } })", "{ a: [threw] }")]
    [InlineData("console.log(Object.create({ get constructor() { throw new Error('no'); } }))", "[threw Error: no] {}")]
    [InlineData("console.count({ toString() { throw new Error('no'); } })", "[threw Error: no]: 1")]
    [InlineData("console.count(Symbol('s'))", "Symbol(s): 1")]
    [InlineData("console.timeLog({ toString() { throw new Error('no'); } })", "Timer '[threw Error: no]' does not exist")]
    [InlineData("console.assert(false, { get a() { throw 1; } })", "Assertion failed: { a: [threw 1] }")]
    [InlineData("console.dir({ get a() { throw 1; } })", "{ a: [threw 1] }")]
    [InlineData("console.trace({ get a() { throw 1; } })", "Trace: { a: [threw 1] }")]
    [InlineData("console.group({ get a() { throw 1; } })", "{ a: [threw 1] }")]
    [InlineData("console.groupCollapsed({ get a() { throw 1; } })", "{ a: [threw 1] }")]
    [InlineData("console.table([{ get a() { throw 1; } }])", "| (index) | a         |¶|---------|-----------|¶| 0       | [threw 1] |")]
    [InlineData("console.table({ get a() { throw 1; } })", "| (index) | Values      |¶|---------|-------------|¶| a       | \"[threw 1]\" |")]
    [InlineData("console.table(new Proxy({}, { ownKeys() { throw 1; } }))", "[threw 1]")]
    [InlineData("console.log(new Map([[{ get a() { throw 1; } }, 2]]))", "Map(1) { { a: [threw 1] } => 2 }")]
    [InlineData("console.log('x'.repeat(2 ** 28), 'x'.repeat(2 ** 28))", "[threw RangeError: Invalid string length]")]
    public void No_line_of_the_console_fails_a_run(string code, string line)
    {
        JobAnswer answer = Run($"{code}; return 1");

        Assert.True(answer.Status == RunStatus.Value, $"{answer.Status} {answer.Reason}");
        Assert.Equal(line, Assert.Single(answer.Console)[2..].ReplaceLineEndings("¶"));
    }

    [Theory]
    [InlineData("new URL('https://a.example')", "URL https://a.example/")]
    [InlineData("[new URLSearchParams('a=1')]", "[ URLSearchParams a=1 ]")]
    [InlineData("new Headers({ A: 'b' })", "Headers { a: \"b\" }")]
    [InlineData("new Blob(['abc'], { type: 'text/plain' })", "Blob { size: 3, type: \"text/plain\" }")]
    [InlineData("new File(['abc'], 'n')", "File { name: \"n\", size: 3 }")]
    [InlineData("AbortSignal.abort()", "AbortSignal { aborted: true }")]
    [InlineData("new AbortController()", "AbortController {}")]
    [InlineData("(() => { const f = new FormData(); f.append('a', 'b'); return f; })()", "FormData { a: \"b\" }")]
    [InlineData("({ locale: new Intl.Locale('cs') })", "{ locale: Intl.Locale cs }")]
    public void Lines_show_objects_of_the_platform(string value, string line)
    {
        JobAnswer answer = Run($"console.log({value})");

        Assert.Equal(line, Assert.Single(answer.Console)[2..]);
    }

    [Fact]
    public void Lines_show_what_an_error_says_beside_its_message()
    {
        JobAnswer answer = Run(
            """
            const bare = (error) => { error.stack = `${error.name}: ${error.message}`; return error; };
            const inner = Object.assign(bare(new TypeError('b')), { code: 'E_B' });
            const outer = bare(new AggregateError([bare(new Error('c'))], 'a', { cause: inner }));
            inner.cause = outer;
            console.log(outer);
            """);

        Assert.Equal(
            "AggregateError: a¶  cause: TypeError: b¶    code: \"E_B\"¶    cause: [Circular]¶  errors: [ Error: c ]",
            Assert.Single(answer.Console)[2..].ReplaceLineEndings("¶"));
    }
}
