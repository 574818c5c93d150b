namespace Enclave.Host.Tests;

/// <summary>The sample of docs/tools.md with a failure that has a code.</summary>
public sealed class ToolErrorSample
{
    [Fact]
    public async Task A_script_acts_on_the_code_of_a_tools_failure()
    {
        // sample
        var options = new EnclaveOptions();
        options.Tools.Add(
            "orders:get",
            (int id) => id == 7
                ? "seven apples"
                : throw new ToolException($"there is no order {id}") { Name = "NotFoundError", Code = "ORDER_NOT_FOUND" });
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync(
            """
            try { return await callTool('orders:get', { id: 8 }) }
            catch (e) { if (e.code === 'ORDER_NOT_FOUND') return `${e.name}: ${e.message}`; throw e }
            """);
        // end

        Assert.Equal("NotFoundError: there is no order 8", result.Value.AsString());
    }
}
