using System.Text.RegularExpressions;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>A word in the name of a type means what the glossary of docs/architecture.md says, or this list where the glossary has no row.</summary>
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
