using System.Collections.Concurrent;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.JavaScript.Tests.Differential;
using Enclave.JavaScript.Tests.RoundTrip;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Fuzz;

/// <summary>Damaged texts: each is a program or gives an error with a place. Programs print to text with the same tree.</summary>
public sealed class MutatedTextTests(ITestOutputHelper output)
{
    private const int Seed = 1;
    private const int Shown = 20;

    [Fact]
    public void Every_text_is_answered()
    {
        int count = TestSize.Of(20_000, 1_000_000), accepted = 0;
        var wrong = new ConcurrentBag<string>();
        Parallel.For(0, count, (index) =>
        {
            var random = new Random(Seed * 1_000_003 + index);
            string text = new Mutator(Seeds.All, random).Next();
            SourceGoal goal = random.Next(2) == 0 ? SourceGoal.Script : SourceGoal.Module;
            if (Ours.Complaint(() => Complaint(text, goal, ref accepted)) is { } complaint)
                wrong.Add($"{index} as {goal}: {complaint}\n    source: {Disagreement.Escape(text)}");
        });
        output.WriteLine($"{count} texts, {accepted} accepted, {wrong.Count} wrong");
        Assert.True(wrong.IsEmpty, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.OrderBy((each) => each.Length).Take(Shown))}");
    }

    private static string? Complaint(string text, SourceGoal goal, ref int accepted)
    {
        ParseResult result = Ours.Parse(text, goal);
        if (result.Error is { } error)
        {
            if (result.Program is not null) return "both a program and an error";
            return error.Offset >= 0 && error.Offset <= text.Length ? null : $"the error is at {error.Offset} of {text.Length}";
        }

        if (result.Program is not { } program) return "neither a program nor an error";
        Interlocked.Increment(ref accepted);
        foreach ((string style, string printed) in Printed.Both(program))
        {
            if (RoundTripTests.Complaint(program, printed) is { } complaint) return $"{style}: {complaint}";
        }

        return null;
    }
}
