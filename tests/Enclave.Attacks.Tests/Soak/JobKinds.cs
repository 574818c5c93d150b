namespace Enclave.Attacks.Tests.Soak;

/// <summary>The kinds of jobs in a soak.</summary>
internal static class JobKinds
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(120);

    public static readonly JobKind Value = new("value", "return { marker, places: soakSeek('nobody').length };") { Weight = 6 };

    public static readonly IReadOnlyList<JobKind> All =
    [
        Value,
        new("computation", "let n = 0; for (let i = 0; i < 100000; i++) n = (n * 31 + i) % 65521; return { marker, n };") { Weight = 2 },
        new("tools", "for (let i = 0; i < 5; i++) if ((await callTool('echo', { marker, i })).marker !== marker) throw new Error('SOAK-LEAK answer'); " +
        "return { marker };") { Weight = 4 },
        new("parallel tools", "return { marker: (await parallel([1, 2, 3, 4], (i) => callTool('echo', { marker, i })))[3].marker };") { Weight = 2 },
        new("tools that nobody waits for", "for (let i = 0; i < 8; i++) callTool('echo', { marker, i }); return { marker };") { Weight = 2 },
        new("slow tool", "return { marker: (await callTool('slow', { marker })).marker };") { Weight = 2 },
        new("tool that throws", "await callTool('fail', { marker }); return 'not reached';", ErrorCode.ToolError),
        new("tool error caught", "try { await callTool('fail', { marker }); } catch (e) { return { marker, message: e.message }; } return 'not reached';"),
        new("tool that never answers", "await callTool('never', { marker }); return 'not reached';") { Timeout = s_short },
        new("console", "for (let i = 0; i < 20; i++) console.log(marker, i); return { marker };") { Weight = 2 },
        new("console flood", "for (;;) console.log(marker, 'and more of it, again and again');", ErrorCode.OutputLimit, ErrorCode.MessageFlood),
        new("endless loop", "for (;;) {}") { Timeout = s_short },
        new("endless loop after a tool", "await callTool('echo', { marker }); for (;;) {}") { Timeout = s_short },
        new("microtask flood", "const again = () => Promise.resolve().then(again); again(); await new Promise(() => {});") { Timeout = s_short },
        new("heap bomb", "const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length));", ErrorCode.MemoryLimitExceeded)
        {
            MemoryLimit = 16 << 20, Timeout = TimeSpan.FromSeconds(2),
        },
        new("buffer bomb", "const kept = []; for (;;) kept.push(new Uint8Array(1 << 20).fill(0x73));", ErrorCode.MemoryLimitExceeded, ErrorCode.RuntimeError)
        {
            MemoryLimit = 16 << 20, Timeout = TimeSpan.FromSeconds(2),
        },
        new("string bomb", "let text = marker; for (;;) text = (text + text).padEnd(10).toUpperCase().toLowerCase();", ErrorCode.MemoryLimitExceeded,
            ErrorCode.RuntimeError) { MemoryLimit = 16 << 20, Timeout = TimeSpan.FromSeconds(2) },
        new("fatal allocation", "return [...'1'.repeat(1e8)].length;", ErrorCode.MemoryLimitExceeded, ErrorCode.RuntimeError)
        {
            MemoryLimit = 16 << 20, Timeout = TimeSpan.FromSeconds(2),
        },
        new("message flood", "for (;;) await callTool('echo', { marker });", ErrorCode.MessageFlood, ErrorCode.MaxToolCalls) { MaxToolCalls = 100_000 },
        new("too many tool calls", "for (;;) await callTool('echo', { marker });", ErrorCode.MaxToolCalls, ErrorCode.MessageFlood) { MaxToolCalls = 10 },
        new("recursion", "const deeper = (n) => deeper(n + 1) + 1; return deeper(0);", ErrorCode.RuntimeError),
        new("nested values", "let v = marker; for (let i = 0; i < 100000; i++) v = [v]; return v;", ErrorCode.OutputLimit, ErrorCode.RuntimeError),
        new("regular expression", "return /^(?:(a+)+\\1)+$/.test('a'.repeat(60) + 'b');") { Timeout = s_short },
        new("huge result", "return marker + 'x'.repeat(3 << 20);", ErrorCode.OutputLimit, ErrorCode.RuntimeError),
        new("large result", "return { marker, text: 'x'.repeat(300000) };"),
        new("result with a getter", "return { marker, get late() { for (;;) {} } };", ErrorCode.RuntimeError, ErrorCode.OutputLimit) { Timeout = s_short },
        new("thrown error", "throw new TypeError(marker);", ErrorCode.RuntimeError),
        new("rewritten intrinsics", "Array.prototype.push = JSON.stringify = Promise.prototype.then = Object.keys = () => { throw new Error(marker); }; " +
        "console.log(marker); return { marker };", ErrorCode.RuntimeError),
        new("syntax error", "return ) marker;", ErrorCode.ValidationError),
        new("cancelled loop", "let n = 0; for (;;) n++;") { Timeout = TimeSpan.FromMilliseconds(400), IsCancelled = true },
        new("cancelled tools", "for (let i = 0; i < 20; i++) await callTool('slow', { marker, i }); return { marker };")
        {
            Timeout = TimeSpan.FromMilliseconds(400), IsCancelled = true,
        },
        new("cancelled value", "return { marker, places: soakSeek('nobody').length };") { IsCancelled = true, Weight = 2 },
    ];

    /// <summary>The outcomes of any job while workers die, hang and are too few.</summary>
    public static readonly IReadOnlySet<ErrorCode> OfAnyJob = new HashSet<ErrorCode>
    {
        ErrorCode.WorkerCrashed, ErrorCode.Timeout, ErrorCode.QueueFull, ErrorCode.QueueTimeout,
    };

    private static readonly JobKind[] s_drawn = [.. All.SelectMany((kind) => Enumerable.Repeat(kind, kind.Weight))];

    public static JobKind Draw(Random random) => s_drawn[random.Next(s_drawn.Length)];
}
