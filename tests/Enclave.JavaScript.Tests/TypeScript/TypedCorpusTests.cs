using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>Published typed programs: the compiler and we agree on each, and erase it to the same program.</summary>
public sealed class TypedCorpusTests(ITestOutputHelper output)
{
    private const int UsualMegabytes = 4;
    private const int Shown = 30;

    [Fact]
    public void The_compiler_and_we_make_the_same_program_of_every_file()
    {
        Compiler.SkipIfMissing();
        IReadOnlyList<string> files = Compiler.Files(TestSize.Full ? null : UsualMegabytes);
        var different = new List<string>();
        long characters = 0;
        int refused = 0, kept = 0, compared = 0, blanks = 0;
        foreach ((string path, CompilerAnswer answer) in Compiler.Judge(files))
        {
            string source = Installed.Read(path);
            characters += source.Length;
            if (answer.Error is not null) refused++;
            if (answer.Kept is not null) kept++;
            if (answer.JavaScript is not null) compared++;
            if (answer.Blank is not null) blanks++;
            if (Comparison.Of(source, answer, path.EndsWith(".d.ts") || path.EndsWith(".d.mts")
                ? SourceLanguage.TypeScriptDeclarations
                : SourceLanguage.TypeScript) is not { } found) continue;
            if (CompilerDeviation.Of(found) is { } deviation)
            {
                output.WriteLine($"{Path.GetRelativePath(Compiler.Folder, path)}: {deviation.What}");
                continue;
            }

            string name = Path.GetRelativePath(Compiler.Folder, path);
            different.Add($"{name}: {found.Kind}\n    theirs: {found.Theirs}\n    ours: {found.Ours}");
        }

        output.WriteLine($"{files.Count} files, {characters} characters: {refused} refused, {kept} with what cannot be dropped, {compared} compared as " +
            $"trees, {blanks} with offsets; {different.Count} different");
        Assert.True(files.Count > 100, "the corpus is smaller than it should be");
        Assert.True(different.Count == 0, $"{different.Count} files differ:\n{string.Join('\n', different.Take(Shown))}");
    }
}
