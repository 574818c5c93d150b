using System.Security.Cryptography;
using System.Text;
using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>Unusable libraries: refused when the host is created, or reported by name as soon as a worker evaluates them.</summary>
public sealed class LibraryFaultTests
{
    /// <summary>Each of these takes 5 s of CPU time.</summary>
    private static readonly string[] s_endless = ["for (;;);", "throw { get message() { for (;;); } }", "function f() { Promise.resolve().then(f) } f()"];

    public static TheoryData<string> Endless => [.. s_endless.Take(TestSize.Of(1, s_endless.Length))];

    public static TheoryData<string, string> Evaluations => new()
    {
        { "\n  throw new TypeError('on purpose')", "library lib: TypeError: on purpose\n    at library:lib:2:9" },
        { "\n\nnull.x; exports.a = 1", "library lib: TypeError: Cannot read properties of null (reading 'x')\n    at library:lib:3:6" },
        { "throw { toString() { throw 1 } }", "library lib: Error: {}" },
        { "throw undefined", "library lib: Error: undefined" },
        { "function f() { f() } f()", "library lib: RangeError: Maximum call stack size exceeded" },
        { "Promise.reject(new Error('late')); exports.a = 1", "library lib: Error: late" },
        { "1 + 1", "library lib: Error: it exports nothing" },
        { "globalThis.other = 1", "makes or changes other" },
        { "require('fs')", "asks for the module 'fs'" },
        { "Object.prototype.extra = 1; exports.a = 1", "changes what all scripts see, Object.prototype.extra" },
        { "Array.prototype.push = function () {}; exports.a = 1", "Array.prototype.push" },
        { "Object.freeze(Array.prototype); exports.a = 1", "Array.prototype" },
        { "delete Math.max; exports.a = 1", "Math" },
        { "Object.setPrototypeOf(Map.prototype, Array.prototype); exports.a = 1", "Map.prototype" },
        { "Object.defineProperty(RegExp.prototype, 'flags', { get() { return '' } }); exports.a = 1", "RegExp.prototype.flags" },
        { "Object.getPrototypeOf([][Symbol.iterator]()).next = null; exports.a = 1", "an iterator or function" },
        { "Error.stackTraceLimit = 0; exports.a = 1", "Error.stackTraceLimit" },
        { "globalThis.leftover = 1; exports.a = 1", "leftover" },
        { "Object.defineProperty(globalThis, 'lib', { value: 1 })", "cannot be replaced" },
        { "Object.preventExtensions(globalThis); exports.a = 1", "globalThis" },
        { "const a = []; for (;;) a.push(new Array(1000).fill(a.length))", "library" },
        { "const a = []; for (let i = 0; i < 3e6; i++) a.push(i + 0.5); exports.a = () => a", "keep more than 16 MB together" },
        { "exports.a = []; for (let i = 0; i < 150000; i++) exports.a.push([])", "exports more than 100000 objects" },
        { "exports.a = new Proxy({}, { ownKeys() { throw new Error('trapped') } })", "library lib: Error: trapped" },
    };

    public static TheoryData<string> OddNames => ["", "1a", "a b", "a-b", "ä", "a\u200d", "let", "yield", "await", "class", "eval", "arguments", "undefined",
        "__proto__", "__ag_x", "__safe_x", "toString", new string('a', 65), "a;throw 1", "\\u0061"];

    [Theory]
    [MemberData(nameof(Evaluations))]
    public async Task A_library_that_cannot_be_evaluated_is_named(string source, string words)
    {
        ExecutionError error = await LibraryHost.Failure(new Library("fine", "exports.a = 1"), new Library("lib", source));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Endless))]
    public async Task A_library_whose_evaluation_never_ends_is_stopped(string source)
    {
        ExecutionError error = await LibraryHost.Failure(new Library("fine", "exports.a = 1"), new Library("lib", source));

        Assert.Contains("evaluating the libraries took more than 5 s of CPU time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_the_host_to_be_warm_tells_of_it()
    {
        EnclaveOptions options = LibraryHost.Options(SecurityLevel.Standard, new Library("lib", "throw new Error('on purpose')"));
        options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 };
        await using var host = new EnclaveHost(options);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => host.WarmUpAsync(TestContext.Current.CancellationToken));

        Assert.Contains("library lib: Error: on purpose", fault.Message, StringComparison.Ordinal);
        Assert.Contains("library lib", host.GetSnapshot().LastStartFailure, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OddNames))]
    public void Odd_names_are_refused(string name) => Refused("name", new Library(name, "exports.a = 1"));

    [Fact]
    public async Task Every_global_of_the_language_is_taken()
    {
        await using EnclaveHost host = LibraryHost.Unguarded(SecurityLevel.Permissive);
        string[] globals = System.Text.Json.JsonSerializer.Deserialize<string[]>(await host.Json(
            "const names = new Set(); for (let o = globalThis; o; o = Object.getPrototypeOf(o)) for (const name of Object.getOwnPropertyNames(o)) " +
            "names.add(name); return [...names]"))!;

        Assert.InRange(globals.Length, 60, 200);
        Assert.All(globals, (name) => Refused($"{name}\"", new Library(name, "exports.a = 1")));
    }

    [Fact]
    public void One_name_is_one_library() => Refused("twice", new Library("a", "exports.a = 1"), new Library("a", "exports.a = 1"));

    [Fact]
    public void At_most_sixteen() => Refused("at most 16", [.. Enumerable.Range(0, 17).Select((i) => new Library($"a{i}", "exports.a = 1"))]);

    [Fact]
    public void At_most_two_megabytes_each() => Refused("at most 2097152", new Library("a", new string(' ', (2 << 20) + 1)));

    [Fact]
    public void At_most_eight_megabytes_in_all() =>
        Refused("at most 8388608", [.. Enumerable.Range(0, 5).Select((i) => new Library($"a{i}", new string(' ', 2 << 20)))]);

    [Theory]
    [InlineData("exports.a = ", "line 1, column 13")]
    [InlineData("\n}); throw 1; (function () {", "line 2, column 1")]
    [InlineData("export const a = 1", "ECMAScript module")]
    [InlineData("import a from 'a'", "ECMAScript module")]
    [InlineData("await 1", "line 1")]
    public void A_library_that_does_not_parse_is_refused_with_its_place(string source, string words) => Refused(words, new Library("a", source));

    [Fact]
    public void Half_a_surrogate_pair_is_no_text() =>
        Assert.Contains("Unicode", Assert.Throws<ArgumentException>(() => new Library("a", "'\ud800'")).Message, StringComparison.Ordinal);

    [Fact]
    public void Another_hash_is_another_file()
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("exports.a = 1")));

        Assert.Equal(hash.ToLowerInvariant(), new Library("a", "exports.a = 1", hash).Sha256);
        Assert.Contains("another file", Assert.Throws<ArgumentException>(() => new Library("a", "exports.a = 2", hash)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Library("a", "exports.a = 1", ""));
    }

    [Fact]
    public async Task A_global_of_the_host_or_of_a_run_cannot_have_its_name()
    {
        var globals = new Dictionary<string, object?> { ["lib"] = 1 };
        EnclaveOptions options = LibraryHost.Options(SecurityLevel.Standard, new Library("lib", "exports.a = 1"));
        await using var host = new EnclaveHost(options);

        await Assert.ThrowsAsync<ArgumentException>(
            () => host.RunAsync("return 1", new RunOptions { Globals = globals }, TestContext.Current.CancellationToken));
        options.Globals = globals;
        Assert.Contains("both have", Assert.Throws<ArgumentException>(() => new EnclaveHost(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_of_two_megabytes_passes_where_messages_are_small()
    {
        TestLauncher.NeedsLevel(SecurityLevel.Strict);
        EnclaveOptions options = LibraryHost.Options(
            SecurityLevel.Strict, [.. Enumerable.Range(0, 4).Select((i) => new Library($"lib{i}", "exports.a = '" + new string('x', (2 << 20) - 20) + "'"))]);
        options.WorkerPool = WorkerPoolPresets.Strict with { MaxMessageBytes = 64 << 10, MaxWorkers = 1, MinWorkers = 1, SpareWorkers = 1 };
        await using var host = new EnclaveHost(options);

        Assert.Equal($"{4 * ((2 << 20) - 20)}", await host.Json("return lib0.a.length + lib1.a.length + lib2.a.length + lib3.a.length"));
    }

    private static void Refused(string words, params Library[] libraries)
    {
        var fault = Assert.Throws<ArgumentException>(() => LibraryHost.With(libraries));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Message.Length, 1, 400);
    }
}
