using System.Security.Cryptography;
using System.Text;
using Enclave.Tests;

namespace Enclave.Host.Tests.Libraries;

/// <summary>Libraries that fail while they are evaluated.</summary>
public sealed class LibraryEvaluationTests
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
