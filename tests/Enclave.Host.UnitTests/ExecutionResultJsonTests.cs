using System.Text.Json;
using Enclave.Protocol;

namespace Enclave.Host.Tests;

/// <summary>Results as JSON.</summary>
public sealed class ExecutionResultJsonTests
{
    [Fact]
    public void A_success_has_value_stdout_and_stats_but_no_error()
    {
        var result = new ExecutionResult
        {
            Value = ScriptValue.From(new[] { 1, 2 }),
            Error = null,
            Stdout = "é\n",
            Stats = new ExecutionStats { Duration = TimeSpan.FromMicroseconds(1500), ToolCallCount = 3, Isolation = "process-only" },
        };

        Assert.Equal(
            """{"success":true,"value":[1,2],"stdout":"é\n","stats":{"durationMs":1.5,"queueWaitMs":0,"cpuTimeMs":0,"toolTimeMs":0,"toolCallCount":3""" +
            ""","iterationCount":0,"peakMemoryBytes":0,"bytesIn":0,"bytesOut":0,"workerId":0,"isolation":"process-only"}}""",
            result.ToJsonString());
    }

    [Fact]
    public void Null_is_a_value_and_undefined_is_none()
    {
        Assert.StartsWith("{\"success\":true,\"value\":null,", Of(ScriptValue.Null).ToJsonString(), StringComparison.Ordinal);
        Assert.StartsWith("{\"success\":true,\"stdout\":", Of(ScriptValue.Undefined).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_has_its_code_as_documented_and_its_data()
    {
        var error = new ExecutionError
        {
            Code = ErrorCode.MemoryLimitExceeded,
            Name = "n",
            Message = "m",
            Stack = "    at script.js:1:1",
            Data = new Dictionary<string, object?> { ["limitBytes"] = 64L << 20, ["layers"] = new[] { "Seccomp" }, ["none"] = null },
        };

        JsonElement json = JsonDocument.Parse((Of(ScriptValue.Undefined) with { Error = error }).ToJsonString()).RootElement;

        Assert.False(json.GetProperty("success").GetBoolean());
        Assert.Equal("""{"code":"MEMORY_LIMIT_EXCEEDED","name":"n","message":"m","stack":"    at script.js:1:1","data":{"limitBytes":67108864""" +
            ""","layers":["Seccomp"],"none":null}}""", json.GetProperty("error").GetRawText());
    }

    [Fact]
    public void Lone_surrogates_of_a_script_stay_what_they_are()
    {
        Assert.Contains("\"stdout\":\"\\ud800\"", (Of(ScriptValue.Null) with { Stdout = "\ud800" }).ToJsonString(), StringComparison.Ordinal);
    }

    private static ExecutionResult Of(ScriptValue value) => new() { Value = value, Error = null, Stdout = "", Stats = new ExecutionStats() };
}
