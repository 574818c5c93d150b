using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools;

/// <summary>A run that ends while a tool works: its statistics and its error count that call, and name the tool.</summary>
public sealed class PendingToolTests
{
    private readonly TestGate _gate = new();

    [Fact]
    public async Task The_time_of_a_call_that_has_no_answer_counts()
    {
        await using EnclaveHost host = Host();

        ExecutionResult result = await Within.Deadline(host.RunAsync(TestGate.Script, new RunOptions { Timeout = TimeSpan.FromSeconds(4) }), "answer");

        Assert.Equal(ErrorCode.Timeout, result.Error!.Code);
        Assert.InRange(result.Stats.ToolTime, TimeSpan.FromSeconds(2), result.Stats.Duration);
        Assert.Equal(("deadline", "gate", 4000.0), (result.Error.Data!["reason"], result.Error.Data["tool"], result.Error.Data["limitMs"]));
        Assert.Contains("the run's time of 4 s (Timeout) ended while gate was working", result.Error.Message, StringComparison.Ordinal);
        Assert.Contains("raise Timeout (--timeout at the command line)", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_told_of_the_limit_and_not_to_split_the_work()
    {
        await using EnclaveHost host = Host();

        ExecutionResult result = await Within.Deadline(host.RunAsync(TestGate.Script, new RunOptions { Timeout = TimeSpan.FromSeconds(4) }), "answer");

        string text = result.Error!.ToModelText();
        Assert.StartsWith("TIMEOUT: the run's time of 4 s ended while the tool gate was still working.\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("split", text, StringComparison.Ordinal);
    }

    /// <summary>Many quick calls are the script's own way of working, so the advice is for the script.</summary>
    [Fact]
    public async Task A_script_that_computes_is_still_told_to_do_less()
    {
        await using EnclaveHost host = Host();

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("await callTool('quick'); let n = 0; for (let i = 0; i < 1e9; i++) n += Math.sin(i) * Math.cos(n); return n",
                new RunOptions { Timeout = TimeSpan.FromSeconds(3), CpuTimeout = TimeSpan.FromSeconds(20), MaxIterations = 1_000_000_000 }), "answer");

        Assert.Equal(("deadline", false), (result.Error!.Data!["reason"], result.Error.Data.ContainsKey("tool")));
        Assert.True(result.Stats.ToolTime < result.Stats.Duration);
    }

    [Fact]
    public async Task A_name_that_no_tool_has_is_logged_at_the_start_and_never_suggested()
    {
        var log = new LogLines();
        var options = new EnclaveOptions { Guard = GuardOptions.Default with { AllowedToolNames = ["orders:list", "orders:lst", "a\nb"] } };
        options.Tools.Add("orders:list", () => 1);
        await using var host = new EnclaveHost(options, log);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return await callTool('orders:lsts')"), "answer");

        Assert.Contains(@"AllowedToolNames allows tools that this host does not have: orders:lst, a\nb.",
            Assert.Single(log.All, (entry) => entry.Id == 46).Text, StringComparison.Ordinal);
        GuardIssue issue = Assert.Single((IEnumerable<GuardIssue>)result.Error!.Data!["issues"]!, (issue) => issue.Code == "UNKNOWN_TOOL_NAME");
        Assert.Equal("Did you mean 'orders:list'?", issue.Hint);
    }

    [Fact]
    public async Task A_handler_may_have_any_of_them()
    {
        var log = new LogLines();
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Guard = GuardOptions.Default with { AllowedToolNames = ["orders:list"] },
            ToolHandler = _gate.Handle,
        }, log);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return await callTool('orders:lst')"), "answer");

        Assert.DoesNotContain(log.All, (entry) => entry.Id == 46);
        Assert.Equal("Did you mean 'orders:list'?", ((IEnumerable<GuardIssue>)result.Error!.Data!["issues"]!).First().Hint);
    }

    private EnclaveHost Host() => new(new EnclaveOptions { ToolHandler = _gate.Handle });
}
