using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>
/// The samples of docs/models.md about answers and of docs/agentscript.md about the preset javascript. Alone, for the console that they write to.
/// </summary>
[Collection(Alone.Name)]
public sealed class AnswerSample : IDisposable
{
    private readonly TextWriter _console = Console.Out;
    private readonly StringWriter _output = new();

    public AnswerSample() => Console.SetOut(_output);

    public void Dispose() => Console.SetOut(_console);

    [Theory]
    [InlineData("Here it is:\n```js\nreturn 6 * 7\n```\n", "42\n")]
    [InlineData("I cannot do that.", null)]
    public async Task A_program_is_taken_out_of_an_answer(string answer, string? shown)
    {
        await using var enclave = new EnclaveHost();

        // sample
        ModelProgram program = ModelText.ExtractProgram(answer);
        if (program.Success)
        {
            ExecutionResult result = await enclave.RunAsync(program.Source, new RunOptions { Language = program.Language });
            Console.WriteLine(result.Value);
        }
        else Console.WriteLine(program.Refusal); // one sentence for the model
        // end

        if (shown is null) Assert.NotEmpty(_output.ToString().Trim());
        else Assert.Equal(shown, _output.ToString());
    }

    [Fact]
    public async Task The_whole_language_runs_under_the_preset_javascript()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        // sample
        await using var enclave = new EnclaveHost(new EnclaveOptions { SecurityLevel = SecurityLevel.Secure, Preset = GuardPreset.JavaScript });
        ExecutionResult result = await enclave.RunAsync("class A { greet() { return `hello ${this.constructor.name}` } } return new A().greet()");
        Console.WriteLine(result.Value); // "hello A"
        // end

        Assert.Equal("\"hello A\"\n", _output.ToString());
    }
}
