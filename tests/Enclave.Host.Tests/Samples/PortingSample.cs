using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/porting.md. Alone, for the console that it writes to.</summary>
[Collection(Alone.Name)]
public sealed class PortingSample : IDisposable
{
    private readonly TextWriter _console = Console.Out;
    private readonly StringWriter _output = new();

    public PortingSample() => Console.SetOut(_output);

    public void Dispose() => Console.SetOut(_console);

    [Fact]
    public async Task A_handler_answers_and_the_value_is_read()
    {
        // sample
        await using var enclave = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Standard,
            Timeout = TimeSpan.FromSeconds(5),
            ToolHandler = (name, args, context) => new(new { Id = args["id"].AsInt32(), Name = "Ada" }),
        });
        ExecutionResult result = await enclave.RunAsync("const user = await callTool('users:get', { id: 7 }); return user.name");
        Console.WriteLine(result.Success ? result.Value.AsString() : result.Error!.Code.ToCode()); // Ada
        // end

        Assert.Equal("Ada\n", _output.ToString());
    }
}
