using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Conformance;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.JavaScript.Tests.Differential;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.RoundTrip;

/// <summary>Printed text parses to the tree that it was printed from.</summary>
public sealed class RoundTripTests(ITestOutputHelper output)
{
    private const int UsualMegabytes = 8;
    private const int Shown = 20;

    [Fact]
    public void Every_file_of_the_corpus_comes_back()
    {
        Installed.SkipIfMissing();
        IReadOnlyList<string> files = Installed.Files(TestSize.Full ? null : UsualMegabytes);
        AssertAllCameBack(files.AsParallel()
            .AsOrdered().SelectMany((path) => Complaints(Path.GetRelativePath(Installed.Folder, path), Installed.Read(path), null)), files.Count);
    }

    [Fact]
    public void Every_valid_program_of_test262_comes_back()
    {
        Installed.SkipIfMissing();
        string[] names = [.. Test262ParserTests.Names("pass"), .. Test262ParserTests.Names("pass-explicit")];
        AssertAllCameBack(names.SelectMany((name) => Complaints(name, Test262ParserTests.Read(name), Test262ParserTests.GoalOf(name))), names.Length);
    }

    private void AssertAllCameBack(IEnumerable<string> complaints, int count)
    {
        string[] all = [.. complaints];
        output.WriteLine($"{count} programs in two styles, {all.Length} did not come back");
        Assert.True(all.Length == 0, $"{all.Length} did not come back:\n{string.Join('\n', all.Take(Shown))}");
    }

    private static IEnumerable<string> Complaints(string name, string source, SourceGoal? goal)
    {
        if (Ours.Complaint(() => FirstComplaint(source, goal)) is { } complaint) yield return $"{name}, {complaint}";
    }

    // Texts that do not parse at all belong to the differential tests.
    private static string? FirstComplaint(string source, SourceGoal? goal)
    {
        ParseResult original = goal is null ? Ours.ParseAsNeeded(source).Result : Ours.Parse(source, goal.Value);
        if (original.Program is not { } program) return null;
        foreach ((string style, string text) in Printed.Both(program))
        {
            if (Complaint(program, text) is { } complaint) return $"{style}: {complaint}";
        }

        return null;
    }

    internal static string? Complaint(Program program, string text)
    {
        ParseResult again = Ours.Parse(text, program.Goal);
        if (!again.Success) return $"refused: {again.Error.Show(text)}";
        return TreeComparison.Difference(program, again.Program) is { } difference
            ? $"{difference}; printed {Disagreement.Escape(text[..Math.Min(300, text.Length)])}"
            : null;
    }
}
