using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Scripts that attack the host's memory: each has a limit of 64 MB, and the kernel's count for it is bounded.</summary>
public sealed class MemoryTests
{
    /// <summary>A run's 64 MB, and the 16 MB that V8 needs beside them.</summary>
    private const long Bound = (64 + 16) * Assault.Megabyte;

    /// <summary>A limit that nothing here reaches: each script ends within a few seconds of processor time, even on a busy machine.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>With V8's compilers and without: their frames differ in size.</summary>
    private static readonly SecurityLevel[] s_ends = [SecurityLevel.Standard, SecurityLevel.Strict];

    [Theory]
    [InlineData(SecurityLevel.Standard, "const a = []; for(;;) a.push(new Array(1e4).fill(1.1));")]
    [InlineData(SecurityLevel.Secure, "const a = []; for(;;) a.push(new Array(1e4).fill(1.1));")]
    [InlineData(SecurityLevel.Strict, "const a = []; for(;;) a.push(new Array(1e4).fill(1.1));")]
    [InlineData(SecurityLevel.Standard, "const a = []; for(;;) a.push(new Array(128).fill(1));")]
    [InlineData(SecurityLevel.Standard, "const a = []; for(;;) a.push({ x: a.length });")]
    [InlineData(SecurityLevel.Standard, "let s = 'x'; const a = []; for(;;) { s += s.slice(0, 100000) + a.length; a.push(s.toUpperCase()); }")]
    [InlineData(SecurityLevel.Standard, "const m = new Map(); for(let i = 0;; i++) m.set(i, [i]);")]
    [InlineData(SecurityLevel.Standard, "let f = () => 0; for(;;) { const g = f; const pad = new Array(50).fill(g); f = () => pad; }")]
    [InlineData(SecurityLevel.Standard, "const a = []; for(;;) a.push(new Promise(() => {}).then(() => a));")]
    [InlineData(SecurityLevel.Standard, "const a = []; for(;;) { try { for(;;) a.push(new Array(1e4).fill(1.1)); } catch {} }")]
    public async Task R1_A_heap_that_grows_without_end_meets_its_limit(SecurityLevel level, string code)
    {
        Assault assault = await Assault.Run(code, s_limit, level);

        assault.EndedAlone(ErrorCode.MemoryLimitExceeded);
        AssertBounded(assault);
    }

    [Theory]
    [InlineData("let s = '['; s += '[],'.repeat(2 ** 22) + '1]'; const a = []; for(;;) a.push(JSON.parse(s));")]
    [InlineData("return 'x'.repeat(2 ** 28).charCodeAt(5);")]
    [InlineData("const o = {}; for (let i = 0; i < 1e7; i++) o['k' + i] = i;")]
    public async Task R1_One_step_of_V8_that_no_limit_interrupts_is_bounded_by_the_process(string code)
    {
        Assault assault = await Assault.Run(code, s_limit);

        assault.EndedAlone(ErrorCode.MemoryLimitExceeded);
        AssertBounded(assault);
    }

    [Theory]
    [InlineData(SecurityLevel.Standard, "const a = []; for(;;) a.push(new Uint8Array(8 << 20).fill(1));")]
    [InlineData(SecurityLevel.Strict, "const a = []; for(;;) a.push(new Uint8Array(8 << 20).fill(1));")]
    [InlineData(SecurityLevel.Standard, "const a = []; for(;;) a.push(new Uint8Array(1 << 20).fill(1));")]
    [InlineData(SecurityLevel.Standard, "const a = []; for(;;) a.push(new Float64Array(1000).fill(1));")]
    [InlineData(SecurityLevel.Standard,
        "const a = []; let b = new ArrayBuffer(1 << 20); for(;;) { b = b.transfer(b.byteLength * 2); new Uint8Array(b).fill(1); a.push(b); }")]
    [InlineData(SecurityLevel.Standard, "const a = []; const b = new Uint8Array(4 << 20).fill(1); for(;;) a.push(b.slice());")]
    [InlineData(SecurityLevel.Standard, "return new ArrayBuffer(400 * 2 ** 20).byteLength;")]
    [InlineData(SecurityLevel.Standard, "const b = new ArrayBuffer(1, { maxByteLength: 2 ** 30 }); b.resize(2 ** 30); return b.byteLength;")]
    public async Task R2_Buffers_count(SecurityLevel level, string code)
    {
        Assault assault = await Assault.Run(code, s_limit, level);

        assault.EndedAs(ErrorCode.RuntimeError, ErrorCode.MemoryLimitExceeded);
        if (assault.Result.Error!.Code == ErrorCode.RuntimeError) Assert.Equal("RangeError", assault.Result.Error.Name);
        AssertBounded(assault);
    }

    [Fact]
    public async Task R2_A_script_may_catch_that_no_buffer_is_left()
    {
        Assault assault = await Assault.Run(
            "const a = []; try { for(;;) a.push(new Uint8Array(8 << 20).fill(1)); } catch (e) { return [e.name, a.length]; }", s_limit);

        Assert.True(assault.Result.Success, assault.Result.Error?.Message);
        Assert.Equal("RangeError", assault.Result.Value[0].AsString());
        Assert.InRange(assault.Result.Value[1].AsInt32(), 4, 8);
        AssertBounded(assault);
    }

    [Fact]
    public async Task R2_A_script_that_asks_again_and_again_for_buffers_that_are_refused_is_ended()
    {
        Assault assault = await Assault.Run("for (;;) try { new ArrayBuffer(2 ** 30); } catch { }", s_limit);

        assault.EndedAs(ErrorCode.MemoryLimitExceeded);
        AssertBounded(assault);
    }

    [Theory]
    [InlineData("return new ArrayBuffer(2 ** 30).byteLength;")]
    [InlineData("return new Float64Array(2 ** 27).length;")]
    [InlineData("let caught; try { new ArrayBuffer(2 ** 30); } catch (error) { caught = error; } throw caught;")]
    public async Task R2_A_refused_buffer_names_the_limit_and_its_option(string code)
    {
        Assault assault = await Assault.Run(code, s_limit);

        assault.EndedAs(ErrorCode.MemoryLimitExceeded);
        Assert.StartsWith("the script held more than its limit of 64 MB (array buffers)", assault.Result.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return typeof SharedArrayBuffer;")]
    [InlineData("return typeof WebAssembly;")]
    [InlineData("try { return typeof new Intl.Segmenter().segment('').constructor.constructor('return SharedArrayBuffer')(); } catch { return 'undefined'; }")]
    public async Task R2_Memory_that_is_not_counted_cannot_be_had(string code) =>
        Assert.Equal("undefined", (await Assault.Run(code, s_limit)).Result.Value.AsString());

    [Theory]
    [InlineData(SecurityLevel.Standard, "return [...'.'.repeat(1e8)].length;")]
    [InlineData(SecurityLevel.Standard, "return '1'.repeat(2 ** 27).split('').length;")]
    [InlineData(SecurityLevel.Standard, "return Array(1e9).fill(0).length;")]
    [InlineData(SecurityLevel.Strict, "return [...'.'.repeat(1e8)].length;")]
    [InlineData(SecurityLevel.Strict, "return '1'.repeat(2 ** 27).split('').length;")]
    [InlineData(SecurityLevel.Strict, "return Array(1e9).fill(0).length;")]
    public async Task R3_Running_out_of_memory_inside_V8_is_the_scripts_failure(SecurityLevel level, string code)
    {
        Assault assault = await Assault.Run(code, s_limit, level);

        assault.EndedAlone(ErrorCode.MemoryLimitExceeded);
        if (assault.Result.Error!.Data!.TryGetValue("exit", out object? exit)) Assert.Contains((int)exit!, new[] { 70, 71, 73, 133, 134 });
    }

    [Fact]
    public async Task R2_Many_small_buffers_cost_more_than_they_hold_but_not_without_bound()
    {
        Assault assault = await Assault.Run("const a = []; for(;;) a.push(new Float64Array(100).fill(1));", s_limit);

        // Each has about 200 uncounted bytes of V8 and of the allocator beside its 800.
        assault.EndedAs(ErrorCode.RuntimeError, ErrorCode.MemoryLimitExceeded);
        AssertBounded(assault);
    }

    [Theory]
    [InlineData("const f = () => f() + 1; f();", "RangeError")]
    [InlineData("let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x;", "RangeError")]
    [InlineData("let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a.flat(Infinity).length;", "RangeError")]
    [InlineData("return JSON.parse('['.repeat(200000));", "SyntaxError")]
    [InlineData("return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('');", "SyntaxError")]
    [InlineData("class A { get x() { return this.x; } } return new A().x;", "RangeError")]
    [InlineData("const o = { toString() { return `${o}`; } }; return `${o}`;", "RangeError")]
    public async Task R4_Depth_ends_in_an_error(string code, string name)
    {
        foreach (SecurityLevel level in s_ends)
        {
            Assault assault = await Assault.Run(code, s_limit, level);

            assault.EndedAs(ErrorCode.RuntimeError);
            Assert.Equal(name, assault.Result.Error!.Name);
        }
    }

    [Theory]
    [InlineData("let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return JSON.stringify(o).length;")]
    [InlineData("let o = []; for (let i = 0; i < 1e6; i++) o = [o]; return JSON.stringify(o).length;")]
    [InlineData("let p = {}; for (let i = 0; i < 1e6; i++) p = new Proxy(p, {}); return p.x;")]
    [InlineData("let b = () => 1; for (let i = 0; i < 1e6; i++) b = b.bind(null); return b();")]
    [InlineData(
        "let g = (function* () { yield 1; })(); for (let i = 0; i < 1e5; i++) { const h = g; g = (function* () { yield* h; })(); } return g.next().value;")]
    [InlineData("return new RegExp('(?:'.repeat(5e4) + ')'.repeat(5e4)).test('');")]
    [InlineData("let e = new Error('0'); for (let i = 0; i < 1e5; i++) e = new Error('1', { cause: e }); throw e;")]
    [InlineData("let s = 'a'; for (let i = 0; i < 1e6; i++) s = s + 'b'; return s.charCodeAt(7);")]
    public async Task R4_Depth_that_V8_may_manage_never_ends_the_process_by_its_stack(string code)
    {
        foreach (SecurityLevel level in s_ends)
        {
            Assault assault = await Assault.Run(code, s_limit, level);

            // A worker that exceeded its stack would have died of SIGSEGV: WORKER_CRASHED.
            if (!assault.Result.Success) assault.EndedAs(ErrorCode.RuntimeError, ErrorCode.MemoryLimitExceeded);
        }
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("-(", ")")]
    [InlineData("{", "}")]
    [InlineData("a => ", "")]
    [InlineData("`${", "}`")]
    [InlineData("if (1) ", ";")]
    [InlineData("!", "1")]
    public async Task R4_Depth_in_the_source_is_refused(string open, string close)
    {
        const int Depth = 100_000;
        string inner = close.Length == 0 ? "1" : "";
        string code = string.Concat(Enumerable.Repeat(open, Depth)) + inner + (close is "1" or ";" ? close : string.Concat(Enumerable.Repeat(close, Depth)));

        foreach (Action<EnclaveOptions> guard in (Action<EnclaveOptions>[])[
            static (options) => options.Validate = true, static (options) => options.Validate = false])
        {
            (await Assault.Run(code, s_limit, change: guard)).EndedAs(ErrorCode.ValidationError);
        }
    }

    [Fact]
    public async Task R1_Memory_of_the_host_itself_is_not_counted_for_a_worker_that_dies()
    {
        byte[] held = new byte[256 * Assault.Megabyte];
        held.AsSpan().Fill(1);

        Assault assault = await Assault.Run("return [...'.'.repeat(1e8)].length;", s_limit);

        assault.EndedAlone(ErrorCode.MemoryLimitExceeded);
        Assert.True(assault.Result.Stats.PeakMemoryBytes < 256 * Assault.Megabyte, $"{assault.Result.Stats.PeakMemoryBytes >> 20} MB");
        GC.KeepAlive(held);
    }

    private static void AssertBounded(Assault assault) =>
        Assert.True(Math.Max(assault.Growth, assault.Result.Stats.PeakMemoryBytes) <= Bound,
            $"{assault.Growth >> 20} MB by the kernel's count, {assault.Result.Stats.PeakMemoryBytes >> 20} MB by the host's");
}
