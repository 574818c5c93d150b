using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Many kinds of memory without end. The worker's peak is at most what it had before, the run's limit, and 16 MB.</summary>
public sealed class BombTests
{
    private static readonly (string Name, string Code)[] s_kinds =
    [
        ("split", "let s = 'ab,'.repeat(1 << 20); const k = []; for(;;) k.push(s.split(','));"),
        ("concat", "let a = [1, 2, 3, 4]; for(;;) a = a.concat(a);"),
        ("fill", "const k = []; for(;;) k.push(new Array(1 << 16).fill(7));"),
        ("push", "const k = []; for(let i = 0;; i++) k.push({ i });"),
        ("strings", "const k = []; for(let i = 0;; i++) k.push('x'.repeat(1000) + i);"),
        ("doubled text", "let s = 'x'; for(;;) { s += s; s.charCodeAt(0); }"),
        ("map", "const m = new Map(); for(let i = 0;; i++) m.set(i, { i });"),
        ("set", "const m = new Set(); for(let i = 0;; i++) m.add('k' + i);"),
        ("members", "const o = {}; for(let i = 0;; i++) o['k' + i] = i;"),
        ("closures", "const k = []; for(let i = 0;; i++) k.push(() => i);"),
        ("buffers", "const k = []; for(;;) k.push(new Uint8Array(1 << 20).fill(1));"),
        ("small buffers", "const k = []; for(;;) k.push(new Uint8Array(1 << 10).fill(1));"),
        ("large buffer", "return new Uint8Array(1 << 30).length;"),
        ("JSON", "let o = [1, 2, 3]; for(;;) o = JSON.parse(JSON.stringify([o, o]));"),
        ("matches", "let s = 'a'.repeat(1 << 20); const k = []; for(;;) k.push(s.match(/a/g));"),
        ("clones", "let o = [1, 2, 3]; for(;;) o = [structuredClone(o), structuredClone(o)];"),
        ("spread", "let o = [1, 2, 3]; for(;;) o = [...o, ...o];"),
        ("big integers", "let b = 2n; for(;;) b = b * b;"),
        ("promises", "const k = []; for(;;) k.push(Promise.resolve({}).then(() => new Promise(() => {})));"),
        ("from", "for(let n = 1 << 10;; n *= 2) Array.from({ length: n }, (_, i) => ({ i }));"),
        ("sort", "const a = Array.from({ length: 1 << 20 }, (_, i) => (i * 7919) % 1000003); const k = []; for(;;) k.push(a.toSorted());"),
        ("join", "const a = new Array(1 << 16).fill('abcdefgh'); const k = []; for(;;) k.push(a.join('-') + k.length);"),
    ];

    public static TheoryData<string, SecurityLevel, int> Bombs()
    {
        // Workers of STRICT and SECURE have less than 256 MB.
        (SecurityLevel Level, int Megabytes)[] limits =
        [
            .. from level in Enum.GetValues<SecurityLevel>()
               from megabytes in new[] { 16, 64, 256 }
               where megabytes << 20 <= WorkerPoolPresets.For(level).MemoryLimitPerWorker
               select (level, megabytes),
        ];
        var bombs = new TheoryData<string, SecurityLevel, int>();
        foreach ((int at, (string name, _)) in s_kinds.Index())
        {
            // In the usual counts each kind has one of the limits.
            foreach ((SecurityLevel level, int megabytes) in TestSize.Full ? limits : [limits[at % limits.Length]]) bombs.Add(name, level, megabytes);
        }

        return bombs;
    }

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task R1_The_kernel_bounds_a_run_by_its_own_limit(string kind, SecurityLevel level, int megabytes)
    {
        string code = s_kinds.Single((candidate) => candidate.Name == kind).Code;
        Assault assault = await Assault.Run(
            code, TimeSpan.FromMinutes(2), level, (options) => (options.MemoryLimit, options.MaxIterations) = (megabytes * Assault.Megabyte, 1_000_000_000));

        assault.EndedAs(ErrorCode.MemoryLimitExceeded);
        Assert.True(assault.Growth <= (megabytes + 16) * Assault.Megabyte, $"{assault.Growth / (double)Assault.Megabyte:f1} MB");
    }
}
