using Enclave.Protocol.Messages;

namespace Enclave.Worker.Tests;

/// <summary>The work of the platform's objects grows with their size, not with its square: each program would take minutes of processor time then.</summary>
public abstract partial class JobContract
{
    [Theory]
    [InlineData("new Headers([['a', 'x' + ' '.repeat(n) + 'x']]); return 1", 1_000_000)]
    [InlineData("try { new TextDecoder('x' + ' '.repeat(n) + 'x') } catch { return 1 }", 1_000_000)]
    [InlineData("const h = new Headers(); for (let i = 0; i < n; i++) h.append(`a${i}`, 'b'); let k = 0; for (const one of h) k++; return k / n", 60_000)]
    [InlineData("const h = new Headers(); for (let i = 0; i < n; i++) h.append(`a${i}`, 'b'); let k = 0; h.forEach(() => k++); return k / n", 60_000)]
    [InlineData("const h = new Headers(); for (let i = 0; i < n; i++) if (!h.has(`a${i}`)) h.set(`a${i}`, 'b'); let k = 0; " +
        "for (let i = 0; i < n; i++) { if (h.get(`a${i}`) === 'b') k++; h.delete(`a${i}`); } return k / n", 150_000)]
    [InlineData("const h = new Headers(); let k = 0; for (let i = 0; i < n; i++) { h.append('a', 'b'); if (h.has('a')) k++; } return k / n", 150_000)]
    [InlineData("const t = new EventTarget(), all = []; for (let i = 0; i < n; i++) t.addEventListener('a', all[i] = () => {}); " +
        "for (let i = 0; i < n; i++) t.removeEventListener('a', all[i]); return 1", 150_000)]
    [InlineData("const t = new EventTarget(); let k = 0; for (let i = 0; i < n; i++) t.addEventListener('a', () => k++, { once: true }); " +
        "t.dispatchEvent(new Event('a')); return k / n", 150_000)]
    [InlineData("const t = new EventTarget(), a = new AbortController(), c = { signal: a.signal }; " +
        "for (let i = 0; i < n; i++) t.addEventListener('a', () => {}, c); a.abort(); return 1", 150_000)]
    [InlineData("const u = new URL('a://b'); for (let i = 0; i < n; i++) u.searchParams.append('a', i); return u.search.length > n ? 1 : 0", 60_000)]
    [InlineData("const all = Array.from({ length: n }, () => new ArrayBuffer(1)); structuredClone(1, { transfer: all }); return 1", 150_000)]
    [InlineData("const only = Array.from({ length: n }, (_, i) => `b${i}`), row = {}; for (let i = 0; i < n; i++) row[`a${i}`] = 1; " +
        "console.table([row], only); return 1", 100_000)]
    [InlineData("const ids = []; for (let r = 0; r < n / 1000; r++) { for (let i = 0; i < 1000; i++) ids[i] = setTimeout(() => {}, 1e6); " +
        "for (let i = 0; i < 1000; i++) clearTimeout(ids[i]); } return 1", 200_000)]
    [InlineData("btoa('a'.repeat(n)); atob(' \\n'.repeat(n) + 'YQ==' + ' '.repeat(n)); return 1", 1_000_000)]
    [InlineData("new URL('https://a.example/' + 'a/../'.repeat(n / 10) + '?' + '&'.repeat(n) + '#' + ' '.repeat(n)); return 1", 1_000_000)]
    [InlineData("new URLSearchParams('=&%+'.repeat(n)).toString(); return 1", 200_000)]
    [InlineData("console.log('%'.repeat(n), 1); console.log('a'.repeat(n)); return 1", 300_000)]
    [InlineData("new Blob(Array(n).fill('a')).slice(1, 2); return 1", 300_000)]
    public void Objects_of_the_platform_take_time_that_grows_with_their_size(string code, int n)
    {
        var job = new ScriptJob($"const n = {n}; {code}")
        {
            Limits = ScriptJob.Usual with { TimeoutMicroseconds = 240_000_000, CpuMicroseconds = 20_000_000, MemoryBytes = 256 << 20 },
        };

        JobAnswer answer = Worker.Run(job);

        Assert.True(answer.Status == RunStatus.Value, $"{answer.Status} {answer.Reason}");
        Assert.Equal("1", answer.Json);
    }
}
