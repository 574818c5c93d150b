using Enclave.Protocol;
using Enclave.Remote;
using Enclave.Runs;
using Enclave.Tests;
using Microsoft.Extensions.Logging;

namespace Enclave.Host.Tests;

/// <summary>Calls by scripts that run on another machine.</summary>
public sealed class RemoteRunTests
{
    [Fact]
    public async Task A_call_that_crosses_the_end_of_its_run_is_made_no_more_and_is_nobodys_error()
    {
        using var log = new LogLines();
        int made = 0;
        var tools = new RemoteTools(new EnclaveOptions { ToolHandler = (_, _, _) => new(++made) }, log.CreateLogger("Enclave"));
        RemoteRun run = tools.Begin(new RunOptions(), 1000);
        run.Dispose();

        ToolOutcome late = await Within.Deadline(run.CallAsync("late", ScriptValue.From(new { })), "answer");
        ToolOutcome asked = await Within.Deadline(
            run.AskAsync("late", ScriptValue.From(new { }), (_) => throw new InvalidOperationException("asked")), "answer");

        Assert.Equal(("the run has ended", "the run has ended", 0), (late.Failure?.Message, asked.Failure?.Message, made));
        Assert.Empty(log.All);
    }

    [Fact]
    public async Task A_tool_that_throws_keeps_its_words_for_the_log()
    {
        using var log = new LogLines();
        var tools = new RemoteTools(
            new EnclaveOptions { ToolHandler = (_, _, _) => throw new InvalidOperationException("Password=x") }, log.CreateLogger("Enclave"));
        using RemoteRun run = tools.Begin(new RunOptions(), 1000);

        ToolOutcome outcome = await Within.Deadline(run.CallAsync("query", ScriptValue.From(new { })), "answer");

        Assert.Equal(("ToolError", "query failed", "TOOL_FAILED"), (outcome.Failure?.Name, outcome.Failure?.Message, outcome.Failure?.Code));
        Assert.Contains(log.Faults, (fault) => fault.Contains("Password=x"));
    }
}
