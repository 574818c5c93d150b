namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/streaming.md about sessions.</summary>
public sealed class SessionsSample
{
    [Fact]
    public async Task Tool_calls_are_answered_from_outside()
    {
        // sample
        await using var enclave = new EnclaveHost();
        const string Code = "const [price, stock] = await Promise.all([callTool('price', { id: 7 }), callTool('stock', { id: 7 })]); return price * stock";
        await using ExecutionSession session = enclave.OpenSession(Code, new EnclaveSessionOptions { Ttl = TimeSpan.FromSeconds(30) });

        // Any number of readers, here or at the other end of a connection; each begins where it left off.
        await foreach (ExecutionEvent happened in session.Events(fromSequence: 1))
        {
            if (happened is not ToolCallEvent call) continue;
            bool taken = call.Name switch
            {
                "price" => session.TryAnswerToolCall(call.CallId, 2.5),
                "stock" => session.TryAnswerToolCall(call.CallId, 40),
                _ => session.TryFailToolCall(call.CallId, "Error", $"there is no tool {call.Name}"),
            };
            if (!taken) throw new InvalidOperationException("somebody else answered, or it was too late");
        }

        ExecutionResult result = await session.Completion;
        // end

        Assert.Equal(100, result.Value.AsInt32());
        Assert.Equal(SessionState.Completed, session.State);
    }
}
