namespace Enclave.Host.Tests.Recording;

/// <summary>Stores of recordings: which are kept, for whom, and how they are sealed.</summary>
public sealed class KeepRecordingsTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-kept-").FullName;
    private int _minutes;

    public static TheoryData<bool> InFolder => [false, true];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(InFolder))]
    public async Task A_recording_is_found_by_its_run_and_tenant(bool inFolder)
    {
        KeepRecordings keep = Keep(inFolder);
        await KeepAsync(keep, "run-1", "a", "first");
        await KeepAsync(keep, "run-1", "b", "other");
        await KeepAsync(keep, "run-1", "a", "second");

        Assert.Equal("second", (await keep.FindAsync("run-1", "a", Token))!.Code);
        Assert.Equal("other", (await keep.FindAsync("run-1", "b", Token))!.Code);
        Assert.Null(await keep.FindAsync("run-1", null, Token));
        Assert.Null(await keep.FindAsync("run-2", "a", Token));
    }

    [Theory]
    [MemberData(nameof(InFolder))]
    public async Task A_tenant_pushes_out_its_own_recordings_only(bool inFolder)
    {
        KeepRecordings keep = Keep(inFolder);
        keep.MaxRuns = 6;
        await KeepAsync(keep, "early", "b", "quiet");
        for (int i = 0; i < 20; i++) await KeepAsync(keep, $"run-{i}", "a", "loud");

        Assert.NotNull(await keep.FindAsync("early", "b", Token));
        for (int i = 0; i < 20; i++) Assert.Equal(i >= 15, await keep.FindAsync($"run-{i}", "a", Token) is not null);
    }

    [Theory]
    [MemberData(nameof(InFolder))]
    public async Task Bytes_are_bounded_too(bool inFolder)
    {
        KeepRecordings keep = Keep(inFolder);
        keep.MaxBytes = 1 << 20;
        await KeepAsync(keep, "early", "b", "quiet");
        for (int i = 0; i < 5; i++) await KeepAsync(keep, $"run-{i}", "a", new string('x', 240_000));

        Assert.False(await keep.KeepAsync("huge", "c", Recording(new string('x', 1 << 20)), s_start));
        Assert.NotNull(await keep.FindAsync("early", "b", Token));
        for (int i = 0; i < 5; i++) Assert.Equal(i >= 2, await keep.FindAsync($"run-{i}", "a", Token) is not null);
    }

    [Fact]
    public async Task Sealed_recordings_are_read_with_their_key_alone()
    {
        byte[] key = [.. Enumerable.Repeat((byte)7, 32)];
        KeepRecordings keep = Keep(inFolder: true, key);
        await KeepAsync(keep, "run-1", "a", "const password = 'hunter2'");
        string file = Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder, "recordings")));

        Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1, Token), StringComparison.Ordinal);
        Assert.Contains("hunter2", (await Keep(inFolder: true, key).FindAsync("run-1", "a", Token))!.Code, StringComparison.Ordinal);
        Assert.Equal(JournalFault.KeyMissing, await FaultAsync(Keep(inFolder: true)));
        Assert.Equal(JournalFault.KeyMissing, await FaultAsync(Keep(inFolder: true, [.. Enumerable.Repeat((byte)8, 32)])));
        byte[] bytes = await File.ReadAllBytesAsync(file, Token);
        bytes[^30] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Token);
        Assert.Equal(JournalFault.Damaged, await FaultAsync(keep));

        async Task<JournalFault> FaultAsync(KeepRecordings other) =>
            (await Assert.ThrowsAsync<JournalException>(() => other.FindAsync("run-1", "a", Token))).Fault;
    }

    [Fact]
    public async Task A_recording_that_was_moved_to_another_run_is_refused()
    {
        KeepRecordings keep = Keep(inFolder: true);
        await KeepAsync(keep, "run-1", "a", "one");
        await KeepAsync(keep, "run-2", "a", "two");
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(_folder, "recordings")).Order()];
        File.Copy(files[0], files[1], overwrite: true);

        Assert.Equal(JournalFault.Damaged, (await Assert.ThrowsAsync<JournalException>(() => keep.FindAsync("run-2", "a", Token))).Fault);
    }

    /// <summary>Ids of runs that look like files that are not finished, or that have the characters between the parts of a name.</summary>
    [Theory]
    [MemberData(nameof(InFolder))]
    public async Task The_recordings_of_a_saved_script_are_found_without_opening_others(bool inFolder)
    {
        KeepRecordings keep = Keep(inFolder);
        string guid = Guid.NewGuid().ToString("n");
        string[] runs = ["ee36dc9d904f4eb8-1", guid, "a.b:c.d_e", new string('r', 128)];
        await KeepAsync(keep, "other-script", "a", "1", "reports@1");
        await KeepAsync(keep, "other-tenant", "b", "1", "report@1");
        await KeepAsync(keep, "no-script", "a", "1");
        foreach (string run in runs) await KeepAsync(keep, run, "a", "1", "report@2");
        await KeepAsync(keep, guid, "a", "again", "report@3");

        IReadOnlyList<Journals.RunKey> found = await keep.Store.FindAsync("a", "report", 100, Token);
        IReadOnlyList<Journals.RunKey> newest = await keep.Store.FindAsync("a", "report", 2, Token);

        Assert.Equal([guid, runs[3], runs[2], runs[0]], found.Select((run) => run.Name));
        Assert.Equal([guid, runs[3]], newest.Select((run) => run.Name));
        Assert.Equal(("again", "report@3"), (await keep.FindAsync(guid, "a", Token)) is { } again ? (again.Code, again.Script) : default);
        Assert.NotNull(await keep.FindAsync(runs[2], "a", Token));
        Assert.NotNull(await keep.FindAsync("no-script", "a", Token));
    }

    private KeepRecordings Keep(bool inFolder, params byte[][] keys)
    {
        var keep = new KeepRecordings { Keys = keys };
        if (inFolder) keep.Store = RecordingStore.InFolder(_folder);
        return keep;
    }

    private async Task KeepAsync(KeepRecordings keep, string run, string tenant, string code, string? script = null)
    {
        ExecutionRecording recording = Recording(code);
        recording = recording with { Options = recording.Options with { SavedScript = script } };
        Assert.True(await keep.KeepAsync(run, tenant, recording, s_start.AddMinutes(_minutes++)));
    }

    private static ExecutionRecording Recording(string code) => ExecutionRecording.Parse(
        """
        {
          "enclaveRecording": 1, "engine": "1", "level": "Standard", "preset": "Standard", "validate": true, "source": "script.js", "code": "return 1",
          "limits": { "timeoutMs": 30000, "cpuTimeoutMs": 30000, "memoryBytes": 67108864, "maxToolCalls": 100, "maxIterations": 10000,
            "maxConsoleCalls": 1000, "maxConsoleBytes": 1048576 },
          "globals": {}, "start": 1795201104907, "seed": "1", "events": [], "result": { "value": 1 }
        }
        """) with
    { Code = code };
}
