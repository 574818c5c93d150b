using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Limits;

/// <summary>Waits of scripts that are not durable: they hold their worker, and end with the run.</summary>
public sealed class SleepTests : IAsyncLifetime
{
    private EnclaveHost _host = null!;

    public ValueTask InitializeAsync()
    {
        var options = new EnclaveOptions { Preset = GuardPreset.JavaScript };
        options.Tools.Add("echo", (string? text, int size = 3) => $"{text} {size}");
        _host = new EnclaveHost(options);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("const t = Date.now(); await sleep(30); return Date.now() - t >= 29", "true")]
    [InlineData("const t = Date.now(); await sleep('0.03s'); return Date.now() - t >= 29", "true")]
    [InlineData("return await sleep(1)", "null")]
    [InlineData("const t = Date.now(); const value = await setTimeout(30, 'late'); return [Date.now() - t >= 29, value]", "[true,\"late\"]")]
    [InlineData("return await Promise.all([sleep(5), setTimeout(5)]).then((all) => all.length)", "2")]
    [InlineData("return await callTool('echo', { text: 'a', size: null })", "\"a 3\"")]
    [InlineData("return await callTool('echo', { text: null, size: null })", "\" 3\"")]
    public async Task A_script_waits(string code, string value)
    {
        ExecutionResult result = await Run(code);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(value, result.Value.ToJsonString());
        Assert.Empty(result.Warnings);
        Assert.Equal(
            code.Contains("setTimeout", StringComparison.Ordinal), result.Stdout.Contains("setTimeout takes a function first", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("await sleep('2d')", "sleep of 172800 s is longer than the time of this run")]
    [InlineData("await sleep('soon')", "sleep takes milliseconds or a text like")]
    [InlineData("await sleep()", "sleep takes milliseconds or a text like")]
    [InlineData("await sleep(-1)", "sleep takes milliseconds or a text like")]
    public async Task A_wait_that_cannot_be_is_refused_at_once(string code, string words)
    {
        ExecutionError error = (await Run(code)).Error!;

        Assert.Equal(ErrorCode.ToolError, error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_sleeps_ends_at_its_time()
    {
        ExecutionResult result = await Within.Deadline(
            _host.RunAsync(
                "for (;;) await sleep(400)", new RunOptions { Timeout = TimeSpan.FromMilliseconds(500) }, TestContext.Current.CancellationToken), "end");

        Assert.Equal(ErrorCode.Timeout, result.Error?.Code);
    }

    private Task<ExecutionResult> Run(string code) => Within.Deadline(_host.RunAsync(code, null, TestContext.Current.CancellationToken), "answer");
}
