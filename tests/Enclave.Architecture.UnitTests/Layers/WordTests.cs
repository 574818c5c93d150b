using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>
/// A word in the name of a type means what the glossary of docs/architecture.md says, or this list where the glossary has no row. Comments name the part that
/// acts, and the states that the code names.
/// </summary>
public sealed partial class WordTests
{
    /// <summary>
    /// Words with one meaning, the types that have them in their names, and the meaning. A word of the JavaScript product stays in the types that
    /// docs/porting.md lists.
    /// </summary>
    private static readonly (string Word, string[] Types, string Why)[] s_words =
    [
        ("Counts", ["CallCounts", "OneSecondCounts", "PoolCounts", "SessionCounts", "SessionEndCounts"], "what counts while things happen"),
        ("Embedded", [], "the name of an adapter, and of a resource of .NET: a broker's own host is its host"),
        ("Execution",
        [
            "ExecutionError", "ExecutionErrorJsonConverter", "ExecutionEvent", "ExecutionEventJsonConverter", "ExecutionJob", "ExecutionRecording",
            "ExecutionResult", "ExecutionResultJsonConverter", "ExecutionSession", "ExecutionStats", "ExecutionStatsJsonConverter",
        ], "the JavaScript product's word for a run's result and its parts; everything else is a run"),
        ("Figures", [], "numbers for people are stats"),
        ("Info", ["ErrorInfo", "RuntimeSessionInfo", "SessionInfo", "SessionInfoReader"], "the JavaScript product's word for an error and for getInfo"),
        ("Level",
        [
            "ConsoleLevel", "GuardLevel", "GuardLevelRow", "GuardLevelTable", "Level", "LevelExamination", "LevelFinding", "LevelHosts", "LevelLimits",
            "LevelRow", "LevelTable", "RiskLevel", "SecurityLevel", "SignalLevel", "TopLevel", "TopLevelAwait",
        ], "STRICT to PERMISSIVE; besides the JavaScript product's levels of console lines and risks, and what ECMAScript calls so"),
        ("Over", [], "a thing that is over has ended; a limit is reached; defaults are filled in"),
        ("Snapshot", ["PoolSnapshot"], "the state of a pool at one moment, for callers"),
        ("Stats",
        [
            "ExecutionStats", "ExecutionStatsJsonConverter", "FinalStats", "LaneStats", "PreScanStats", "RuntimeStats", "RuntimeWorkerStats", "SessionStats",
            "StatsRoute",
        ], "numbers of one thing at one moment, as they are reported"),
        ("Summary", [], "numbers are stats; a row of a list is what it lists"),
        ("Usage", ["RunUsage", "UsageCommand", "UsageException", "UsageGroups", "UsageJson", "UsageRow", "UsageRowJson"],
            "what runs took, as a worker says and as a ledger adds up; and wrong words of a command line"),
    ];

    /// <summary>Words that a comment does not use, and what it says instead.</summary>
    private static readonly (string Word, string Instead)[] s_unclear =
    [
        ("somebody", "the part that acts: the host, the caller, the worker, the model"),
        ("someone", "the part that acts: the host, the caller, the worker, the model"),
        ("nobody", "no and the part that would act: no caller, no reader, no host"),
        ("anyone", "any and the part that acts: any caller, any process, any user"),
        ("whoever", "the part that acts: the caller that, the host that"),
        ("told", "what happens: the caller gets the error, the host reports it, the log has it"),
        ("put aside", "suspended for a durable run; parked for a run without a worker; kept for a thing"),
        ("puts aside", "suspends for a durable run; parks for a run without a worker; keeps for a thing"),
        ("goes on", "continues"),
        ("go on", "continue"),
        ("went on", "continued"),
    ];

    /// <summary>States of a session, each as one project sees it. The projects do not know each other.</summary>
    private static readonly string[] s_sessionStates = ["ClientSessionState", "SessionState"];

    /// <summary>Projects with workers: the pool's, the processes, the one that <c>enclave doctor</c> starts, and the ones that a test plays.</summary>
    private static readonly string[] s_withWorkers =
    [
        "Enclave.Cli", "Enclave.Host", "Enclave.Protocol", "Enclave.Testing", "Enclave.Worker.Portable", "Enclave.Workers",
    ];

    [Fact]
    public void A_word_has_one_meaning()
    {
        string[] types = [.. SourceProjects.Compiled.SelectMany(Types).Distinct().Order(StringComparer.Ordinal)];

        Assert.All(s_words, (word) => Assert.Equal(word.Types, types.Where((type) => Words().Matches(type).Any((part) => part.Value == word.Word))));
        Assert.Equal(s_sessionStates, types.Where((type) => type.EndsWith("SessionState", StringComparison.Ordinal)));
    }

    /// <summary>A worker is a process that runs jobs. RuntimeWorker, the runtime, has its name from the JavaScript product.</summary>
    [Fact]
    public void Only_a_process_that_runs_jobs_is_a_worker()
    {
        IEnumerable<string> others = SourceProjects.Compiled.Except(s_withWorkers).SelectMany(Types)
            .Where((type) => type.Contains("Worker", StringComparison.Ordinal) && !type.StartsWith("RuntimeWorker", StringComparison.Ordinal));

        Assert.Empty(others);
    }

    /// <summary>A name that reads like a question answers with a value.</summary>
    [Fact]
    public void Commands_are_named_by_verbs()
    {
        IEnumerable<string> questions = SourceProjects.Compiled.SelectMany(SourceProjects.Files)
            .SelectMany((file) => Commands().Matches(SourceFiles.Text(file)).Select((method) => $"{Path.GetFileName(file)}: {method.Groups[1].Value}"));

        Assert.Empty(questions);
    }

    [Fact]
    public void Comments_have_plain_words()
    {
        string[] files = [.. SourceComments.Files(SourceProjects.Folder)];
        string[] unclear = [.. files.SelectMany(Unclear)];

        Assert.Equal([".cc", ".cs", ".h", ".js"], files.Select((file) => Path.GetExtension(file)).Distinct().Order(StringComparer.Ordinal));
        Assert.True(unclear.Length == 0, $"Words that comments do not use:\n{string.Join('\n', unclear)}");
    }

    [Theory]
    [InlineData("var a = \"http://b\"; // c", "// c")]
    [InlineData("var a = @\"\\\" + $\"{\"//\"}//\"; /* b\n * c */ a();", "/* b\n * c */")]
    [InlineData("#pragma warning disable CA1031 // Why.\n", "// Why.")]
    [InlineData("/// <summary>A\n/// b.</summary>\nclass C;", "/// <summary>A\n/// b.</summary>")]
    public void Comments_of_CSharp_are_found(string source, string comment) =>
        Assert.Equal([comment], SourceComments.OfTree(CSharpSyntaxTree.ParseText(source)).Select((span) => source[span.Start..span.End].TrimEnd()));

    [Theory]
    [InlineData("const a = 'http://b', c = `//${a}`, d = /^\\/\\//; // e", "// e")]
    [InlineData("a = b / c; /* d\n * e */ f = \"\\\"//\";", "/* d\n * e */")]
    [InlineData("char a[] = R\"(\n// b \")\"; int c = 1'000;  // the host's", "// the host's")]
    public void Comments_of_other_languages_are_found(string source, string comment) =>
        Assert.Equal([comment], SourceComments.OfText(source).Select((span) => source[span.Start..span.End]));

    private static IEnumerable<string> Unclear(string file)
    {
        string text = SourceFiles.Text(file);
        foreach (TextSpan comment in SourceComments.Of(file))
        {
            foreach ((string word, string instead) in s_unclear)
            {
                // A comment may break a line between two words.
                string words = word.Replace(" ", @"[\s/*]+", StringComparison.Ordinal);
                foreach (Match found in Regex.Matches(text[comment.Start..comment.End], $@"\b(?:{words})\b", RegexOptions.IgnoreCase))
                {
                    int line = text.AsSpan(0, comment.Start + found.Index).Count('\n') + 1;
                    yield return $"{Path.GetRelativePath(SourceProjects.Folder, file)}:{line}: {word}: say {instead}";
                }
            }
        }
    }

    private static IEnumerable<string> Types(string project) => SourceProjects.Files(project)
        .SelectMany((file) => Declared().Matches(SourceFiles.Text(file))).Select((type) => type.Groups[1].Value);

    [GeneratedRegex(
        @"^ *(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe) )*" +
        @"(?:class|struct|record struct|record|interface|enum) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"\b(?:void|Task|ValueTask) ((?:Is|Has|Does|Can|Are|Was|Had|Did)(?:[A-Z]\w*)?)\(")]
    private static partial Regex Commands();

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Words();
}
