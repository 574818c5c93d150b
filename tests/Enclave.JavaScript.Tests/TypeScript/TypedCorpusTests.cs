using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>Published typed programs: the compiler and we agree on each, and erase it to the same program. Exceptions are listed file by file.</summary>
public sealed class TypedCorpusTests(ITestOutputHelper output)
{
    private const int UsualMegabytes = 4;
    private const int Shown = 30;
    private const int LeastPackages = 25;
    private const int LeastCharacters = 20_000_000;

    [Fact]
    public void The_compiler_and_we_make_the_same_program_of_every_file()
    {
        Compiler.SkipIfMissing();
        IReadOnlyList<PublishedFile> files = Compiler.Files(TestSize.Full ? null : UsualMegabytes);
        Dictionary<string, PublishedDeviation> listed = PublishedDeviation.All.ToDictionary((each) => each.File);
        var wrong = new List<string>();
        long characters = 0;
        int judged = 0, refused = 0, kept = 0, compared = 0, blanks = 0;
        foreach ((PublishedFile file, CompilerAnswer answer) in Compiler.Judge(files))
        {
            string source = Installed.Read(file.Path);
            judged++;
            characters += source.Length;
            if (answer.Error is not null) refused++;
            if (answer.Kept is not null) kept++;
            if (answer.JavaScript is not null) compared++;
            if (answer.Blank is not null) blanks++;
            if (Complaint(file, answer, source, listed) is { } complaint) wrong.Add(complaint);
        }

        int packages = files.Select((file) => file.Package).Distinct().Count();
        output.WriteLine($"{files.Count} files of {packages} packages, {characters} characters: {refused} refused, {kept} with what cannot be dropped, " +
            $"{compared} compared as trees, {blanks} with offsets; {wrong.Count} without the expected result, {listed.Count} listed files were not met");
        Assert.Equal(files.Count, judged);
        Assert.True(wrong.Count == 0, $"{wrong.Count} files:\n{string.Join('\n', wrong.Take(Shown))}");
        Assert.True(packages >= LeastPackages, $"the corpus has {packages} packages");
        if (!TestSize.Full) return;
        Assert.True(characters >= LeastCharacters, $"the corpus has {characters} characters");
        Assert.True(listed.Count == 0, $"listed, but not in the corpus: {string.Join(", ", listed.Keys)}");
    }

    /// <summary>Compares one file and takes it from the list of those that differ.</summary>
    private static string? Complaint(PublishedFile file, CompilerAnswer answer, string source, Dictionary<string, PublishedDeviation> listed)
    {
        if (answer.IsTrouble) return $"{file.Name}: the compiler failed without a verdict";
        Finding? found = Comparison.Of(source, answer, file.Language);
        bool isListed = listed.Remove(file.Name, out PublishedDeviation? deviation);
        if (found is null) return isListed ? $"{file.Name}: listed as different, but it is the same now" : null;
        if (isListed && deviation!.Explains(found)) return null;
        return $"{file.Name}: {found.Kind}\n    theirs: {found.Theirs}\n    ours: {found.Ours}";
    }
}
