using Enclave.Engine;
using Enclave.Tests;

namespace Enclave.Host.Tests.Isolation;

/// <summary>The engine's version and age, in the reports for operators.</summary>
public sealed class EngineNoteTests
{
    [Fact]
    public async Task S4_The_report_has_the_engines_version_and_day()
    {
        TestedEngine.NeedsNative("a note of the engine's build");
        await using var host = new EnclaveHost();
        IReadOnlyDictionary<string, string> facts = host.GetIsolationReport().Facts;

        Assert.Matches(@"^\d+\.\d+\.\d+", facts["engine.v8"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", facts["engine.node"]);
        Assert.Matches(@"^20\d\d-\d\d-\d\d$", facts["engine.released"]);
    }

    [Theory]
    [InlineData("""{ "v8": "14.6", "node": "26.10.0", "released": "2026-09-23" }""", 61, true)]
    [InlineData("""{ "v8": "14.6", "node": "26.10.0", "released": "2026-09-23" }""", 59, false)]
    [InlineData("""{ "v8": "14.6", "node": "26.10.0" }""", 1000, null)]
    [InlineData("""{ "v8": "14.6", "node": "26.10.0", "released": "yesterday" }""", 1000, null)]
    public void S4_Age_counts_from_the_release_and_sixty_days_are_old(string note, int daysLater, bool? old)
    {
        string folder = Directory.CreateTempSubdirectory("enclave-note-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "engine.json"), note);
            TimeSpan? age = EngineNote.Read(folder)!.Age(new DateTimeOffset(2026, 9, 23, 12, 0, 0, TimeSpan.Zero).AddDays(daysLater));

            Assert.Equal(old, age is null ? null : age > EngineNote.OldAge);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ \"v8\": 14 }")]
    public void A_note_that_says_nothing_is_no_note(string note)
    {
        string folder = Directory.CreateTempSubdirectory("enclave-note-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "engine.json"), note);

            Assert.Null(EngineNote.Read(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_pinned_day_is_the_day_of_the_pinned_release() =>
        Assert.Matches("\"released\": \"20\\d\\d-\\d\\d-\\d\\d\"", File.ReadAllText(Path.Combine(Repository.Root, "eng", "engine", "package.json")));
}
