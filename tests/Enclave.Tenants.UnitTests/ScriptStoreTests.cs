using System.Text;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Tenants.UnitTests;

/// <summary>The contract of all stores of saved scripts.</summary>
public sealed class ScriptStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestEnclave _enclave = new();

    public void Dispose()
    {
        _enclave.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("folder")]
    public async Task Versions_count_from_1_and_the_same_text_adds_none(string kind)
    {
        SavedScripts scripts = Open(kind)();

        ScriptSave first = await scripts.SaveAsync(Draft("return 1") with { Author = "ann", Note = "first", Parameters = """{"type":"object"}""" });
        ScriptSave second = await scripts.SaveAsync(Draft("return 2"));
        ScriptSave again = await scripts.SaveAsync(Draft("return 2") with { Note = "again" });

        Assert.Equal(("report@1", "report@2", "report@2"), (first.Reference, second.Reference, again.Reference));
        SavedScript script = (await scripts.FindAsync("report"))!;
        SavedVersion oldest = script.Versions[0];
        Assert.Equal(("ann", "first", """{"type":"object"}""", 8), (oldest.Author, oldest.Note, oldest.Parameters, oldest.Bytes));
        Assert.Null(script.Active);
        Assert.Equal("return 1", await scripts.ReadAsync("report@1"));
        Assert.Equal("return 2", await scripts.ReadAsync("report"));
        Assert.Equal(SavedScriptFault.NotFound, (await FaultOf(scripts.ReadAsync("report@3"))).Fault);
        Assert.Equal(SavedScriptFault.NotFound, (await FaultOf(scripts.ReadAsync("other"))).Fault);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("folder")]
    public async Task The_oldest_version_that_no_run_gets_makes_room(string kind)
    {
        SavedScripts scripts = Open(kind)();
        for (int i = 1; i <= 50; i++) await scripts.SaveAsync(Draft($"return {i}"));
        await scripts.ActivateAsync("report@1");
        await scripts.ActivateAsync("report@2");
        await scripts.ActivateAsync("report@3", trial: new ScriptTrial { Version = 3, Percent = 1 });

        ScriptSave saved = await scripts.SaveAsync(Draft("return 51"));

        Assert.Equal([1, 2, 3, 5], saved.Script.Versions.Take(4).Select((version) => version.Number));
        Assert.Equal((51, 50), (saved.Version.Number, saved.Script.Versions.Count));
        Assert.Equal("return 1", await scripts.ReadAsync("report@1"));
        Assert.Equal(SavedScriptFault.NotFound, (await FaultOf(scripts.ReadAsync("report@4"))).Fault);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("folder")]
    public async Task Eight_writers_at_once_lose_no_version(string kind)
    {
        Func<SavedScripts> open = Open(kind);

        await Task.WhenAll(Enumerable.Range(0, 8).Select((writer) => Task.Run(async () =>
        {
            SavedScripts scripts = open();
            for (int i = 0; i < 6; i++)
            {
                ScriptSave saved = await scripts.SaveAsync(Draft($"return '{writer}-{i}'"));
                await scripts.ActivateAsync(saved.Reference);
            }
        })));

        SavedScript script = (await open().FindAsync("report"))!;
        Assert.Equal(Enumerable.Range(1, 48), script.Versions.Select((version) => version.Number));
        string[] texts = await Task.WhenAll(script.Versions.Select((version) => open().ReadAsync($"report@{version.Number}")));
        Assert.Equal(48, texts.Distinct().Count());
        Assert.Equal(47, script.Earlier.Count);
    }

    /// <summary>Invariants after random changes: numbers grow, what runs can get is there, and texts are those that were saved.</summary>
    [Theory]
    [InlineData("memory")]
    [InlineData("folder")]
    public async Task Invariants_hold_after_any_changes(string kind)
    {
        for (int seed = 0; seed < TestSize.Of(10, full: 100); seed++)
        {
            var random = new Random(seed);
            SavedScripts scripts = Open(kind, $"{seed}")();
            var texts = new Dictionary<int, string>();
            for (int step = 0; step < 80; step++)
            {
                SavedScript? before = await scripts.FindAsync("report");
                try
                {
                    await ChangeAsync(scripts, random, texts, step);
                }
                catch (SavedScriptException fault) when (fault.Fault == SavedScriptFault.NotFound)
                {
                    Assert.Equal(Text(before), Text(await scripts.FindAsync("report")));
                }

                SavedScript? script = await scripts.FindAsync("report");
                if (script is null) continue;
                Assert.InRange(script.Versions.Count, 1, 50);
                int[] numbers = [.. script.Versions.Select((version) => version.Number)];
                Assert.Equal(numbers.Order().Distinct(), numbers);
                Assert.True(before is null || script.Newest.Number >= before.Newest.Number);
                int[] used = [.. script.Earlier, script.Active ?? numbers[0], script.Trial?.Version ?? numbers[0]];
                Assert.Empty(used.Except(numbers));
                int any = numbers[random.Next(numbers.Length)];
                Assert.Equal(texts[any], await scripts.ReadAsync($"report@{any}"));
            }
        }
    }

    [Fact]
    public async Task Tenants_have_names_of_their_own_and_share_those_without_one()
    {
        SavedScripts scripts = Open("folder")();
        await scripts.SaveAsync(Draft("return 'shared'"));
        await scripts.SaveAsync(Draft("return 'own'") with { Tenant = "acme" });

        Assert.Equal("return 'own'", await scripts.ReadAsync("report", "acme"));
        Assert.Equal("return 'shared'", await scripts.ReadAsync("report", "globex"));
        Assert.Equal("return 'shared'", await scripts.ReadAsync("report"));
        Assert.Equal([null, "acme"], (await scripts.ListAsync()).Select((script) => script.Tenant));
        Assert.Single(await scripts.ListAsync("globex"));
        Assert.Equal(SavedScriptFault.NotFound, (await FaultOf(scripts.ActivateAsync("report@1", "globex"))).Fault);
    }

    [Theory]
    [InlineData("script.json", "{}")]
    [InlineData("script.json", "nonsense")]
    [InlineData("script.json", """{"enclaveScript":2,"script":{"name":"report","versions":[]}}""")]
    [InlineData("script.json", """{"enclaveScript":1,"script":{"name":"report","versions":[]}}""")]
    [InlineData("script.json", """{"enclaveScript":1,"script":{"name":"other","versions":[]}}""")]
    [InlineData("1.code", "return 2")]
    [InlineData("1.code", "return 1 and much more than was saved")]
    public async Task A_changed_file_is_refused(string file, string content)
    {
        SavedScripts scripts = Open("folder")();
        await scripts.SaveAsync(Draft("return 1"));
        string path = Directory.EnumerateFiles(_folder.Path, file, SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(path, content);

        Assert.Equal(SavedScriptFault.Damaged, (await FaultOf(scripts.ReadAsync("report@1"))).Fault);
    }

    [Fact]
    public async Task Out_of_range_is_refused_before_anything_is_written()
    {
        SavedScripts scripts = Open("folder")();
        ScriptDraft[] wrong =
        [
            Draft("") with { Name = "" }, Draft("") with { Name = "../up" }, Draft("") with { Name = "a@1" }, Draft("") with { Name = new string('a', 101) },
            Draft("") with { Tenant = "" }, Draft("") with { Tenant = "\ud800" }, Draft("") with { Note = new string('n', 2001) },
            Draft("") with { Author = new string('n', 201) }, Draft(new string(' ', (1 << 20) + 1)), Draft("") with { Parameters = "[" },
            Draft("") with { Parameters = "true" }, Draft("") with { Parameters = """{"$ref":"#"}""" }, Draft("") with { Parameters = new string(' ', 70_000) },
        ];

        foreach (ScriptDraft draft in wrong) Assert.Equal(SavedScriptFault.OutOfRange, (await FaultOf(scripts.SaveAsync(draft))).Fault);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private static async Task ChangeAsync(SavedScripts scripts, Random random, Dictionary<int, string> texts, int step)
    {
        string one = $"report@{random.Next(1, step + 2)}";
        switch (random.Next(6))
        {
            case 0: await scripts.ActivateAsync(one); break;
            case 1: await scripts.RollBackAsync("report"); break;
            case 2: await scripts.ActivateAsync(one, trial: new ScriptTrial { Version = 0, Percent = random.Next(101), Tenants = ["acme"] }); break;
            default:
                string code = $"return {random.Next(step + 1)}";
                texts[(await scripts.SaveAsync(Draft(code) with { Activate = random.Next(3) == 0 })).Version.Number] = code;
                break;
        }
    }

    private static string? Text(SavedScript? script) => script is null ? null : Encoding.UTF8.GetString(Scripts.ScriptRow.Write(script));

    private static ScriptDraft Draft(string code) => new() { Name = "report", Code = code };

    private static async Task<SavedScriptException> FaultOf(Task work) => await Assert.ThrowsAsync<SavedScriptException>(() => work);

    /// <summary>Opens one store again and again, as processes that share it.</summary>
    private Func<SavedScripts> Open(string kind, string name = "")
    {
        ScriptStore memory = ScriptStore.InMemory();
        return () => new SavedScripts(kind == "memory" ? memory : ScriptStore.InFolder(Path.Combine(_folder.Path, name)), _enclave.Host);
    }
}
