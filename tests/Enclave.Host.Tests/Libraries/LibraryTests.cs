using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>Libraries in their workers, and their use by scripts.</summary>
public sealed class LibraryTests
{
    public static TheoryData<string, string> Forms => new()
    {
        { "CommonJS", "module.exports = { answer: 42 }" },
        { "CommonJS by members", "exports.answer = 42" },
        { "this", "this.answer = 42" },
        { "UMD", "(function (g, f) { typeof exports === 'object' && typeof module !== 'undefined' ? module.exports = f() : (g.lib = f()) })(this, " +
        "function () { return { answer: 42 } })" },
        { "a variable", "'use strict'; var lib = (() => ({ answer: 42 }))();" },
        { "a constant", "const lib = { answer: 42 }" },
        { "a class", "class lib { static answer = 42 }" },
        { "a function", "function lib() {} lib.answer = 42; // the end" },
        { "a global", "globalThis.lib = { answer: 42 }" },
        { "a global of window", "(() => { window.lib = { answer: 42 } })()" },
        { "an undeclared global", "lib = { answer: 42 }" },
        { "in a microtask", "Promise.resolve().then(() => { exports.answer = 42 })" },
        { "with a return", "module.exports = { answer: 42 }; return; throw 1" },
        { "with a byte order mark", "\uFEFFexports.answer = 42" },
        { "beyond ASCII", "exports.answer = 'ä€😀'.length === 4 ? 42 : 0" },
    };

    public static TheoryData<SecurityLevel> Levels => new(Enum.GetValues<SecurityLevel>());

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_usual_form_is_a_library(string form, string source)
    {
        await using EnclaveHost host = LibraryHost.With(new Library("lib", source));

        Assert.True(await host.Json("return lib.answer") == "42", form);
    }

    [Fact]
    public async Task A_library_may_ask_for_one_before_it()
    {
        await using EnclaveHost host = LibraryHost.With(
            new Library("first", "exports.n = 1"), new Library("second", "exports.n = require('first').n + first.n"));

        Assert.Equal("2", await host.Json("return second.n"));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task No_attempt_of_a_job_is_seen_by_the_next(SecurityLevel level)
    {
        HigherLevels.NeedNative(level);
        const string Source = "let count = 0; const inner = { list: [1] }; exports.next = () => ++count; exports.inner = inner; exports.table = new " +
            "Map([['a', 1]]); exports.bytes = new Uint8Array(2); class C { m() { return 1 } } exports.C = C";
        await using EnclaveHost host = LibraryHost.Unguarded(level, new Library("lib", Source));
        const string Look = "return [lib.next(), lib.inner.list, [...lib.table], lib.bytes[0], new lib.C().m(), typeof lib.extra]";
        string before = await host.Json(Look);
        string[] attempts =
        [
            "lib = 1", "delete globalThis.lib", "globalThis.lib = 1", "lib.extra = 1", "lib.inner.list.push(2)", "lib.inner.list = []", "lib.next = 1",
            "lib.C.prototype.m = () => 2",
            "Object.defineProperty(lib, 'extra', { value: 1 })", "Object.setPrototypeOf(lib, { extra: 1 })", "lib.next(); lib.next()", "lib.table.set('b', 2)",
            "lib.bytes[0] = 9",
            "Object.prototype.extra = 1", "Array.prototype.push = null", "Map.prototype.set.call(lib.table, 'a', 3)",
            "Object.defineProperty(globalThis, 'lib', { value: 1 })",
        ];

        foreach (string attempt in attempts)
        {
            await host.RunAsync(attempt, cancellationToken: TestContext.Current.CancellationToken);
            Assert.True(before == await host.Json(Look), attempt);
        }

        string[] refused = [.. attempts.Take(10), attempts[16]];
        foreach (string attempt in refused) Assert.Equal(ErrorCode.RuntimeError, (await host.Error(attempt)).Code);
    }

    [Fact]
    public async Task Constructors_may_give_their_objects_what_the_frozen_prototype_has()
    {
        const string Source = """
            'use strict';
            class Schema { constructor() { this.parse = this.parse.bind(this); this.name = 'own' } parse(x) { return [this.name, x] } }
            Schema.prototype.name = 'shared';
            function Old() { this.kind = 'own' } Old.prototype = { kind: 'shared', read() { return this.kind } };
            class Failure extends Error { constructor(m) { super(m); this.name = 'Failure' } } Failure.prototype.name = 'Error of a library';
            module.exports = { Schema, Old, Failure };
            """;
        await using EnclaveHost host = LibraryHost.Unguarded(SecurityLevel.Standard, new Library("lib", Source));

        Assert.Equal("[[\"own\",1],\"own\",\"shared\",\"Failure\",[\"parse\",\"name\"],true]", await host.Json(
            "const { parse } = new lib.Schema(); return [parse(1), new lib.Old().read(), lib.Old.prototype.kind, new lib.Failure('x').name, " +
            "Object.keys(new lib.Schema()), new lib.Failure('y') instanceof Error]"));
        Assert.Contains("read only", (await host.Error("lib.Old.prototype.kind = 1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_ends_by_a_limit_leaves_the_next_worker_its_libraries()
    {
        await using EnclaveHost host = LibraryHost.Unguarded(SecurityLevel.Standard, new Library(
            "lib", "exports.spin = () => { for (;;); }; exports.eat = () => { const a = []; for (;;) a.push(new Array(1000).fill(1)); }"));

        Assert.Equal(ErrorCode.Timeout, (await host.Error("lib.spin()", new RunOptions { Timeout = TimeSpan.FromMilliseconds(200) })).Code);
        Assert.Equal(ErrorCode.MemoryLimitExceeded, (await host.Error("lib.eat()")).Code);
        Assert.Equal("\"function\"", await host.Json("return typeof lib.spin"));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(200)]
    public async Task Memory_that_a_library_holds_is_not_the_jobs(int megabytes)
    {
        TestedEngine.NeedsNative("a memory limit that holds between two looks at the heap, 5 ms apart");
        // More than 10 MB of objects, shared by all jobs.
        await using EnclaveHost host = LibraryHost.Unguarded(SecurityLevel.Standard, new Library(
            "lib", "const rows = []; for (let i = 0; i < 100000; i++) rows.push({ i, list: [i, i + 0.5] }); exports.rows = () => rows; " + Padding(1 << 20)));
        await using EnclaveHost plain = LibraryHost.Unguarded(SecurityLevel.Standard);
        var run = new RunOptions { MemoryLimit = (long)megabytes << 20, MaxIterations = 1_000_000_000 };
        string holds = $"const all = []; for (let i = 0; i < {megabytes} * 0.5; i++) all.push(new Array(131072).fill(i)); return all.length";
        string bursts = $"const all = []; for (let i = 0; i < {megabytes} * 1.5; i++) all.push(new Array(131072).fill(i)); return all.length";

        Assert.Equal(await plain.Json(holds, run), await host.Json(holds, run));
        Assert.Equal(ErrorCode.MemoryLimitExceeded, (await plain.Error(bursts, run)).Code);
        Assert.Equal(ErrorCode.MemoryLimitExceeded, (await host.Error(bursts, run)).Code);
    }

    [Fact]
    public async Task Numbers_and_times_at_load_are_the_same_in_every_worker_and_those_of_jobs_are_not()
    {
        var library = new Library("lib", "exports.at = Date.now(); exports.chance = Math.random()");
        await using EnclaveHost one = LibraryHost.Unguarded(SecurityLevel.Standard, library), other = LibraryHost.Unguarded(SecurityLevel.Standard, library);

        Assert.Equal("0", await one.Json("return lib.at"));
        Assert.Equal(await one.Json("return lib.chance"), await other.Json("return lib.chance"));
        string[] chances = await Task.WhenAll(Enumerable.Range(0, 20).Select((_) => one.Json("return [Math.random(), Math.random()]")));
        Assert.Equal(20, chances.Distinct().Count());
        Assert.NotEqual("true", await one.Json("return Date.now() < 1e12"));
    }

    [Fact]
    public async Task Tools_are_called_from_its_functions_and_not_while_it_is_evaluated()
    {
        await using EnclaveHost host = LibraryHost.With(new Library("lib", "let early; try { callTool('echo', {}) } catch (e) { early = e.message } " +
            "exports.early = early; console.log('unheard'); exports.echo = (a) => callTool('echo', a); exports.fail = async () => { await null; null.x }"));

        Assert.Contains("no tools", await host.Json("return lib.early"), StringComparison.Ordinal);
        Assert.Equal("{\"n\":1}", await host.Json("return await lib.echo({ n: 1 })"));
        ExecutionResult quiet = await host.RunAsync("console.log(1)", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("1\n", quiet.Stdout);
        ExecutionError error = await host.Error("const a = 1;\n\nawait lib.fail()");
        Assert.Equal(ErrorCode.RuntimeError, error.Code);
        Assert.DoesNotContain("script.js:1:", $"{error.Stack}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_generation_stays_off_for_a_library()
    {
        await using EnclaveHost host = LibraryHost.With(new Library("lib", "let f; try { Function('return 1') } catch (e) { f = e.name } exports.first = f; " +
            "exports.later = () => { try { return Function('return 1')() } catch (e) { return e.name } }"));

        Assert.Equal("[\"EvalError\",\"EvalError\"]", await host.Json("return [lib.first, lib.later()]"));
    }

    [Fact]
    public async Task The_outer_isolate_has_none()
    {
        EnclaveOptions options = LibraryHost.Options(SecurityLevel.Standard, new Library("lib", "exports.a = 1"));
        options.DoubleVm = new DoubleVmOptions { ToolPolicy = "(call) => true" };
        await using var host = new EnclaveHost(options);

        Assert.Equal("[{},1]", await host.Json("return [await callTool('x', {}), lib.a]"));
        options.DoubleVm = new DoubleVmOptions { ToolPolicy = "(call) => lib.a === 1" };
        Assert.Contains("'lib' is not defined", Assert.Throws<ArgumentException>(() => new EnclaveHost(options)).Message, StringComparison.Ordinal);
    }

    private static string Padding(int bytes) => "/*" + new string('x', bytes) + "*/";
}
