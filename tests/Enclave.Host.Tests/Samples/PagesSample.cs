using Enclave.Guard;
using Enclave.JavaScript;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The samples of docs/scoring.md, docs/javascript.md and docs/errors. Alone, for the console that they write to.</summary>
[Collection(Alone.Name)]
public sealed class PagesSample : IDisposable
{
    private readonly TextWriter _console = Console.Out;
    private readonly StringWriter _output = new();

    public PagesSample() => Console.SetOut(_output);

    public void Dispose() => Console.SetOut(_console);

    [Fact]
    public void Signals_are_shown()
    {
        const string code = "for (const u of users) await callTool('mail:send', { to: u.email, password: u.password });";
        // sample
        ScoreResult result = RuleBasedScorer.Score(code);
        foreach (ScoreSignal signal in result.Signals) Console.WriteLine($"{signal.Score,3} {signal.Name} line {signal.Location?.Line}: {signal.Description}");
        // end
        Assert.Contains(" 60 sensitive-field line 1: ", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return await f(1)", "return await f(1)")]
    [InlineData("return (", "1:")]
    public void A_program_is_parsed_and_printed(string source, string shown)
    {
        // sample
        ParseResult result = Parser.Parse(source, new ParserOptions { TopLevel = TopLevel.Return | TopLevel.Await });
        if (!result.Success) Console.WriteLine(result.Error.Show(source));
        else Console.WriteLine(Printer.Print(result.Program));
        // end
        Assert.Contains(shown, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Types_are_dropped()
    {
        // sample
        ParseResult result = Parser.Parse("const total: number = price! * (count as number)", new ParserOptions { Language = SourceLanguage.TypeScript });
        Console.WriteLine(Printer.Print(result.Program!)); // const total=price*count;
        // end
        Assert.Contains("const total=price*count;", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_is_accepted_by_its_name()
    {
        EnclaveOptions options =
            // sample
            new EnclaveOptions { SecurityLevel = SecurityLevel.Secure, AllowDegradedIsolation = [IsolationLayer.Namespaces] }
            // end
            ;
        Assert.Equal([IsolationLayer.Namespaces], options.AllowDegradedIsolation);
    }
}
