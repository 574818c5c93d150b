using Enclave.Attacks.Tests.Escapes;
using Enclave.Guard.Tests.Transforms;
using Enclave.Host.Tests.Libraries;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>The programs of all tests, by kind. The usual run takes a share of each kind, because each program needs a fresh worker for comparison.</summary>
internal static class ProgramKinds
{
    private const int Seed = 20261122;

    private static readonly string s_idioms = Path.Combine(Repository.Root, "tests", "Enclave.Guard.UnitTests", "Rules", "tables");

    private static readonly Lazy<Task<IReadOnlyList<(string Kind, ScriptJob Job)>>> s_all = new(ReadAll);

    /// <summary>Every program with its kind.</summary>
    public static Task<IReadOnlyList<(string Kind, ScriptJob Job)>> All => s_all.Value;

    /// <summary>The kinds that are missing here, with the reason.</summary>
    public static IEnumerable<string> Missing =>
    [
        .. RecordedPrograms.AreHere ? (string[])[] : [$"recorded: {RecordedPrograms.File} is not here"],
        .. PackageSuites.Missing is { } reason ? (string[])[$"suites: {reason}"] : [],
    ];

    private static async Task<IReadOnlyList<(string Kind, ScriptJob Job)>> ReadAll()
    {
        var random = new Random(Seed);
        IEnumerable<ScriptJob> Share(IEnumerable<ScriptJob> jobs, int usual)
        {
            ScriptJob[] all = [.. jobs];
            random.Shuffle(all);
            return all.Take(TestSize.Of(usual, all.Length));
        }

        var maker = new ProgramMaker(random, ["x", "y", "con", "z", "", "0"]);
        List<(string, ScriptJob)> all = [];
        void Add(string kind, IEnumerable<ScriptJob> jobs) => all.AddRange(jobs.Select((job) => (kind, job)));
        Add("stateful", StatefulPrograms.Ending.Select((code) => new ScriptJob(code)));
        Add("recorded", Share(RecordedPrograms.AreHere ? RecordedPrograms.All() : [], 12));
        Add("attacks", Share(EscapeTable.All.Select((attack) => new ScriptJob(attack.Code)), 10));
        Add("idioms", Share(Idioms(), 8));
        Add("generated", Enumerable.Range(0, TestSize.Of(8, 400)).Select((_) => new ScriptJob(maker.Next())));
        string[] packages = PackageSuites.Missing is null ? [.. PackageSuites.Packages] : [];
        random.Shuffle(packages);
        foreach (string package in packages.Take(TestSize.Of(2, packages.Length))) all.Add(("suites", new ScriptJob(await PackageSuites.Program(package))));
        return all;
    }

    /// <summary>The common code that the guard accepts, as its tables have it.</summary>
    private static IEnumerable<ScriptJob> Idioms() =>
        from file in Directory.GetFiles(s_idioms, "idioms-*.txt").Order(StringComparer.Ordinal)
        from line in File.ReadLines(file)
        let parts = line.Split(" | ", 2)
        where parts[0].Trim() is "clean" or "ok"
        select new ScriptJob(parts[1].Replace('¶', '\n'));
}
