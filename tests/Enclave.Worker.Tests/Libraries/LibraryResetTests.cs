using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>Libraries belong to the state in which each job begins: the next job finds them, and the worker's memory, unchanged by earlier jobs.</summary>
public sealed class LibraryResetTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    private const string Own = """
        'use strict';
        let count = 0;
        const cache = new Map(), weak = new WeakMap(), bytes = new Uint8Array(4096), listeners = [];
        class Shape {
          #edges = 0; constructor(n) { this.area = this.area.bind(this); this.#edges = n } area() { return this.#edges * ++count } static made = [] }
        module.exports = {
          next: () => ++count, remember: (k, v) => cache.set(k, v).size, recall: (k) => cache.get(k), fill: (n) => bytes.fill(n)[7],
          sum: () => bytes.reduce((a, b) => a + b, 0), listen: (f) => listeners.push(f), tell: (x) => listeners.map((f) => f(x)), Shape,
          table: Array.from({ length: 3000 }, (_, i) => ({ i, text: 'row ' + i })), cache, bytes,
          wait: (x) => Promise.resolve(x).then((y) => (count += y)),
          grow: (n) => { for (let i = 0; i < n; i++) cache.set(i, new Array(64).fill(i)); return cache.size },
          mark: (o) => weak.set(o, ++count).has(o), pattern: /(\w)(\d+)/g, match: (s) => [module.exports.pattern.exec(s)?.index, /b(.)/.test(s)],
        };
        """;

    /// <summary>Honest jobs, and jobs that try to leave something behind.</summary>
    private static readonly string[] s_programs =
    [
        "return [lib.next(), lib.next()]", "return lib.remember('a', { b: 1 })", "return [lib.recall('a'), lib.recall(5), lib.cache.size]",
        "return [lib.fill(7), lib.sum()]", "return lib.sum()",
        "lib.listen((x) => x * 2); return lib.tell(21)", "return lib.tell(1)", "const s = new lib.Shape(4); return [s.area(), s.area()]",
        "lib.Shape.made.push(1); return lib.Shape.made",
        "return lib.table.filter((r) => r.i % 1000 === 0)", "return await lib.wait(5)", "return lib.grow(20000)", "return lib.mark({})",
        "return lib.match('a12 b3')", "lib.pattern.lastIndex = 3; return 1",
        "lib.extra = 1", "lib.Shape.prototype.area = null", "Object.defineProperty(lib.Shape.prototype, 'area', { get() { return 1 } })",
        "lib.cache.clear(); lib.bytes.fill(9); return lib.cache.size",
        "Object.prototype.extra = lib; return lib.extra === lib", "Map.prototype.get = () => 666; return lib.recall(1)",
        "Array.prototype.map = null; return lib.tell(1)", "globalThis.lib = 1; return typeof lib",
        "lib.listen(() => { throw new Error('left') }); lib.wait(1).then(() => lib.tell(1)); return 1",
        "const all = []; for (let i = 0; i < 300; i++) all.push(lib.table.map((r) => ({ ...r }))); return all.length",
        "return [typeof lib, Object.isFrozen(lib), Object.isFrozen(lib.Shape.prototype), RegExp.$1, Math.random(), Date.now()]",
        "return await callTool('x', { size: lib.table.length })",
    ];

    [Theory]
    [InlineData("tracked", 120, 20_000)]
    [InlineData("tracked, jitless", 60, 5000)]
    [InlineData("copied", 60, 1000)]
    [InlineData("copied, jitless", 40, 1000)]
    public void Every_job_finds_them_as_the_first_one_did_and_memory_too(string setup, int usual, int full)
    {
        TestedEngine.NeedsNative("memory after a job equals that before it, byte for byte");
        Inspection.Need();
        WorkerSetup with = WorkerSetup.Named(setup).With(("lib", Own));
        ScriptJob[] jobs = [.. s_programs.Select((code, i) => new ScriptJob(code) { Origin = RunOrigin.Of((ulong)i, 1_700_000_000_000) })];
        string[] expected = [.. jobs.Select((job) => Fresh(with, job))];
        var random = new Random(Seed);
        using LiveWorker worker = LiveWorker.Open(with);
        MemoryImage? first = null;
        int compared = 0, images = 0;
        for (; compared < TestSize.Of(usual, full); compared++)
        {
            int next = random.Next(jobs.Length);
            string got = worker.Run(jobs[next]).Outcome;
            if (got != expected[next])
                Assert.Fail($"seed {Seed}, job {compared}: {jobs[next].Code}\nin a fresh worker:\n{expected[next]}\nin this one:\n{got}");
            if (random.Next(8) != 0) continue;
            worker.AwaitReset();
            if (first is null) first = MemoryImage.Take(worker.Pid);
            else if (first.Difference() is { } difference) Assert.Fail($"seed {Seed}, job {compared}: {jobs[next].Code}\n{difference}");
            else images++;
        }

        output.WriteLine($"{compared} answers and {images} images of {first?.Bytes >> 10} KB compared");
        Assert.True(images > compared / 20);
    }

    private static string Fresh(WorkerSetup setup, ScriptJob job)
    {
        using LiveWorker worker = LiveWorker.Open(setup);
        JobAnswer answer = worker.Run(job);
        Assert.True(answer.Usage.Ready > 0, job.Code);
        return answer.Outcome;
    }
}
