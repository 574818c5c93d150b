using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Runs of scripts with types.</summary>
public sealed class TypedRunTests : IAsyncDisposable
{
    private readonly EnclaveHost _host = new(new EnclaveOptions { VerboseErrors = true, Preset = Guard.GuardPreset.Standard });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_typed_script_runs()
    {
        ExecutionResult result = await Run("type Order = { total: number };\nconst orders: Order[] = [{ total: 2 }, { total: " +
            "3 }];\nreturn orders.reduce((sum: number, each) => sum + each.total, 0)");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("5", result.Value.ToJsonString());
    }

    [Fact]
    public async Task Stacks_show_the_authors_line_and_column()
    {
        ExecutionResult result = await Run("interface A {\n  b: string;\n}\nconst a = null as unknown as A;\nreturn a.b");

        Assert.Equal(ErrorCode.RuntimeError, result.Error?.Code);
        Assert.Contains("script.js:5:10", result.Error!.Stack, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "false")]
    [InlineData(ScriptLanguage.Either, "false")]
    [InlineData(ScriptLanguage.JavaScript, "false")]
    [InlineData(ScriptLanguage.TypeScript, "3")]
    public async Task The_language_decides_what_an_angle_bracket_means(ScriptLanguage? language, string value)
    {
        ExecutionResult result = await Run("const f = (a) => a, b = 1, c = 3; return f < b > (c)", new RunOptions { Language = language });

        Assert.Equal(value, result.Value.ToJsonString());
    }

    [Fact]
    public async Task A_recording_keeps_the_language()
    {
        ExecutionResult result = await Run(
            "const f = (a) => a, b = 1, c = 3; return f < b > (c)", new RunOptions { Language = ScriptLanguage.TypeScript, Record = true });

        ExecutionRecording again = ExecutionRecording.Parse(result.Recording!.ToJsonString());

        Assert.Equal(ScriptLanguage.TypeScript, again.Options.Language);
        Assert.True((await Within.Deadline(_host.ReplayAsync(again), "replay")).Matches);
    }

    private Task<ExecutionResult> Run(string code, RunOptions? options = null) => Within.Deadline(_host.RunAsync(code, options), "run");
}
