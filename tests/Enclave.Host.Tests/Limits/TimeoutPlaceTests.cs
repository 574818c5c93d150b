using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>A script that computes until its time is over: the error names the line.</summary>
public sealed class TimeoutPlaceTests
{
    private const string Busy = "let n = 0; while (true) n++";

    private static readonly TimeSpan s_time = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(2, $"const a = 1;\n{Busy}")]
    [InlineData(3, $"type A = {{\n  b: string }};\n{Busy}")]
    [InlineData(2, $"const spin = () => {{\n{Busy}\n}};\n[1].map(spin)")]
    [InlineData(4, $"await callTool('one', {{}});\nlet a = 1;\n\n{Busy}")]
    [InlineData(3, $"async function work() {{\nawait null;\n{Busy} }}\nawait work()")]
    [InlineData(2, $"setTimeout(() => {{\n{Busy} }}, 1);\nawait new Promise(() => {{}})")]
    [InlineData(2, "const all = Array.from({ length: 100 }, (_, i) => i);\nall.sort((a, b) => { for (;;) a++; })")]
    [InlineData(2, "class A {\n  get b() { for (;;) this.n++ } }\nreturn new A().b")]
    [InlineData(2, "let last;\nfunction* g() { for (let i = 0; ; i++) yield i } for (const i of g()) last = i;")]
    public async Task The_line_is_named(int line, string code)
    {
        TestedEngine.NeedsNative("the place of a script that computes");
        foreach (SecurityLevel level in (SecurityLevel[])[SecurityLevel.Secure, SecurityLevel.Standard])
        {
            await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level, ToolHandler = (_, _, _) => new(1) }.WithoutGuard());
            foreach (RunOptions limit in (RunOptions[])[new() { CpuTimeout = s_time }, new() { Timeout = s_time }])
            {
                ExecutionResult result = await RunAsync(host, code, limit);

                Assert.Equal(ErrorCode.Timeout, result.Error?.Code);
                Assert.True(line.Equals(result.Error!.Data!["line"]), $"{level}: {result.Error}: line {result.Error.Data["line"]}");
                Assert.Contains($"computing in line {line}:", result.Error.Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>A worker that gets no processor time in the level's grace is killed, and names nothing: then the script runs again.</summary>
    private static async Task<ExecutionResult> RunAsync(EnclaveHost host, string code, RunOptions limit)
    {
        for (int tries = 1; ; tries++)
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync(code, limit), "answer");
            if (tries == 10 || result.Error?.Data?.ContainsKey("line") != false) return result;
        }
    }
}
