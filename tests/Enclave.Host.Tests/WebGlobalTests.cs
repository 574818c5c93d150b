using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Globals of other platforms that need no capability: at every level, within its limits.</summary>
public sealed class WebGlobalTests
{
    public static TheoryData<SecurityLevel> Levels => new(Enum.GetValues<SecurityLevel>());

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task They_are_there_at_every_level(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        await using EnclaveHost host = Open(level);

        ExecutionResult result = await host.RunAsync(
            """
            const url = new URL('../b?x=1#h', 'https://user:pw@ex.com:8443/a/c');
            url.searchParams.append('y', 'é &');
            const copy = structuredClone({ map: new Map([[1, new Set([2])]]), when: new Date(0), self: null });
            const bytes = new TextEncoder().encode('h€');
            return [url.href, url.host, copy.map.get(1).has(2), copy.when.getTime(), [...bytes],
              new TextDecoder().decode(bytes), btoa('hé'), atob('aGVsbG8='), URL.canParse('x')];
            """);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("""["https://user:pw@ex.com:8443/b?x=1&y=%C3%A9+%26#h","ex.com:8443",true,0,[104,226,130,172],"h€","aOk=","hello",false]""",
            result.Value.ToJsonString());
    }

    [Fact]
    public async Task Each_job_finds_them_as_they_were()
    {
        await using EnclaveHost host = Open(SecurityLevel.Standard);
        await host.RunAsync(
            "URL.prototype.toString = () => 'changed'; structuredClone.x = 1; TextDecoder = null; console.group('a'); console.count(); console.time('t')");

        ExecutionResult result = await host.RunAsync(
            "console.log('b'); console.count(); console.timeEnd('t'); return [`${new URL('a:b')}`, structuredClone.x, typeof TextDecoder]");

        Assert.Equal("""["a:b",null,"function"]""", result.Value.ToJsonString());
        Assert.Equal("b\ndefault: 1\nTimer 't' does not exist\n", result.Stdout);
    }

    [Fact]
    public async Task The_console_groups_counts_and_lays_out()
    {
        await using EnclaveHost host = Open(SecurityLevel.Standard);

        ExecutionResult result = await host.RunAsync(
            """
            console.group('Weather'); console.table([{ city: 'Bern', celsius: 12 }, { city: 'Oslo' }]); console.groupEnd();
            console.count('a'); console.count('a'); console.countReset('a'); console.count('a');
            console.assert(1 === 2, 'no', 5); console.dir({ a: 1 }); console.trace('here');
            """);

        Assert.Equal(
            "Weather\n  | (index) | city   | celsius |\n  |---------|--------|---------|\n  | 0       | \"Bern\" | 12      |\n  | 1       | \"Oslo\" |   " +
            "      |\n" +
            "a: 1\na: 2\na: 1\nAssertion failed: no 5\n{ a: 1 }\nTrace: here\n",
            result.Stdout);
    }

    [Theory]
    [InlineData("let t = 'http://h/'; for (let i = 0; i < 20; i++) t += t; return new URL(t).pathname.length")]
    [InlineData("return new URL('http://' + 'ü'.repeat(4e6) + '.de').host")]
    [InlineData("return new URLSearchParams('a=%zz&'.repeat(1e6)).size")]
    [InlineData("return btoa('x'.repeat(3e7)).length")]
    [InlineData("return atob('AAAA'.repeat(8e6)).length")]
    [InlineData("return new TextDecoder().decode(new Uint8Array(3e7).fill(0xe2)).length")]
    [InlineData("return new TextEncoder().encode('€'.repeat(3e7)).length")]
    [InlineData("let a = {}; for (let i = 0; i < 20000; i++) a = { a }; return structuredClone(a)")]
    [InlineData("const a = []; for (let i = 0; i < 1e6; i++) a.push({ i }); return structuredClone(a).length")]
    [InlineData("console.table(Array.from({ length: 1e5 }, (_, i) => ({ ['k' + i]: 'x'.repeat(1e4) })))")]
    [InlineData("for (let i = 0; i < 1e4; i++) console.group('x'.repeat(100)); console.log('a\\n'.repeat(1e5))")]
    public async Task None_of_them_goes_beyond_the_limits_of_a_run(string code)
    {
        await using EnclaveHost host = new(new EnclaveOptions
        {
            Preset = GuardPreset.JavaScript,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            MaxIterations = 10_000_000,
            CpuTimeout = TimeSpan.FromSeconds(2),
        });

        ExecutionResult result = await Within.Deadline(host.RunAsync(code), code);

        bool isBounded =
            result.Success || result.Error!.Code is ErrorCode.Timeout or ErrorCode.MemoryLimitExceeded or ErrorCode.RuntimeError or ErrorCode.OutputLimit;
        Assert.True(isBounded, $"{result.Error?.Code}: {result.Error?.Message}");
        Assert.True((await host.RunAsync("return 1")).Success);
    }

    private static EnclaveHost Open(SecurityLevel level) =>
        new(new EnclaveOptions { SecurityLevel = level, Preset = GuardPreset.JavaScript, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() });
}
