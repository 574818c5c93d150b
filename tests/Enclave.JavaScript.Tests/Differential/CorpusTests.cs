using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Differential;

/// <summary>Real programs: the JSON of our tree equals acorn's, byte for byte.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private const int UsualMegabytes = 12;
    private const int Shown = 20;

    [Fact]
    public void Acorn_and_we_make_the_same_tree_of_every_file()
    {
        Installed.SkipIfMissing();
        IReadOnlyList<string> files = Installed.Files(TestSize.Full ? null : UsualMegabytes);
        var different = new List<string>();
        long characters = 0;
        int refused = 0;
        foreach (FileVerdict acorn in Acorn.Files(files))
        {
            string source = Installed.Read(acorn.Path);
            characters += source.Length;
            if (acorn.Goal is null) refused++;
            if (Ours.Complaint(() => Compare(acorn, source)) is { } difference)
                different.Add($"{Path.GetRelativePath(Installed.Folder, acorn.Path)}: {difference}");
        }

        output.WriteLine($"{files.Count} files, {characters} characters, {refused} refused by acorn, {different.Count} different");
        Assert.True(files.Count > 1_000, "the corpus is smaller than it should be");
        Assert.True(different.Count == 0, $"{different.Count} files differ:\n{string.Join('\n', different.Take(Shown))}");
    }

    private static string? Compare(FileVerdict acorn, string source)
    {
        (ParseResult ours, SourceGoal? goal) = Ours.ParseAsNeeded(source);
        if (goal != acorn.Goal)
            return $"acorn reads it as {acorn.Goal?.ToString() ?? "nothing"}, we as {goal?.ToString() ?? "nothing"}: {ours.Error?.Show(source)}";
        if (goal is null || Ours.Hash(ours.Program!, source) == acorn.Hash) return null;
        return Disagreement.FirstDifference(Acorn.Tree(source, goal.Value), Disagreement.OurTree(source, goal.Value));
    }
}
