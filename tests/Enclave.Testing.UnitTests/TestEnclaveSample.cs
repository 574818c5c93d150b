using Enclave.Protocol;

namespace Enclave.Testing.Tests;

/// <summary>The sample of docs/packages.md.</summary>
public sealed class TestEnclaveSample
{
    [Fact]
    public async Task A_script_does_what_the_test_says()
    {
        ToolHandler answer = new Orders().Answer;

        // sample
        await using var enclave = new TestEnclave(o => o.ToolHandler = answer);
        enclave.When("return await callTool('orders')").Runs(async (script) => await script.CallAsync("orders"));
        enclave.When((run) => run.Code.Contains("slow")).Meets(ErrorCode.Timeout);
        // end

        Assert.Equal(7, (await enclave.Host.RunAsync("return await callTool('orders')")).Value.AsInt32());
        Assert.Equal(ErrorCode.Timeout, (await enclave.Host.RunAsync("return 'slow'")).Error!.Code);
    }

    private sealed class Orders
    {
        private readonly int _count = 7;

        public ValueTask<object?> Answer(string name, ScriptValue args, ToolContext context) => new(name == "orders" ? _count : null);
    }
}
