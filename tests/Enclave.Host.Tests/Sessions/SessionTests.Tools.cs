using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <content>The tools of sessions, and their rights.</content>
public sealed partial class SessionTests
{
    [Fact]
    public async Task Only_the_named_tools_are_answered_outside()
    {
        await using ExecutionSession session = _host.OpenSession(
            "return [await callTool('echo', { n: 1 }), await callTool('ask')]", new EnclaveSessionOptions { OutsideTools = ["ask"] });
        ToolCallEvent ask = (await Calls(session, 2))[1];

        Assert.False(session.TryAnswerToolCall("c_1", 1));
        Assert.Equal([ask.CallId], session.PendingToolCalls.Select((call) => call.CallId));
        Assert.True(session.TryAnswerToolCall(ask.CallId, "outside"));

        Assert.Equal("[{\"n\":1},\"outside\"]", (await Completion(session)).Value.ToJsonString());
    }

    [Theory]
    [InlineData(true, "[\"no\",\"SESSION_CANCELLED\"]")]
    [InlineData(false, "[\"no\",{\"n\":1}]")]
    public async Task After_a_failed_call_others_are_refused_if_that_is_asked_for(bool refuse, string expected)
    {
        const string Code = "const said = []; try { await callTool('ask') } catch (e) { said.push(e.message) } try { said.push(await callTool('echo', { n: " +
            "1 })) } catch (e) { said.push(e.code) } return said";
        await using ExecutionSession session = _host.OpenSession(Code, new EnclaveSessionOptions { OutsideTools = ["ask"], RefuseCallsAfterFailure = refuse });
        ToolCallEvent ask = (await Calls(session, 1))[0];

        Assert.True(session.TryFailToolCall(ask.CallId, "Error", "no"));

        Assert.Equal(expected, (await Completion(session)).Value.ToJsonString());
    }

    [Theory]
    [InlineData("gate")]
    [InlineData("deaf")]
    public async Task A_tool_of_the_host_has_the_sessions_time_too(string tool)
    {
        await using ExecutionSession session = _host.OpenSession(
            $"try {{ await callTool('{tool}') }} catch (e) {{ return e.code }}", new EnclaveSessionOptions { OutsideTools = [], Ttl = TimeSpan.FromHours(24) });
        await _gate.Arrival();

        // Its time limit may begin shortly after the tool.
        await TimePassesUntil(session.Completion);

        Assert.Equal("TOOL_TIMEOUT", (await Completion(session)).Value.AsString());
        if (tool == "gate") await Within.Deadline(_hostToolEnded.Task, "cancellation of the tool");
        _gate.Open();
    }
}
