using System.Diagnostics;
using System.Security.Cryptography;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>Durable runs in a folder: each host has the folder for itself, as in another process.</summary>
public sealed class FolderRunStoreTests : DurableRunTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-runs-").FullName;
    private IReadOnlyList<byte[]> _keys = [RandomNumberGenerator.GetBytes(32)];

    private protected override RunStore Store => RunStore.InFolder(_folder);

    private protected override IReadOnlyList<byte[]> Keys => _keys;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_wait_that_is_seen_can_be_answered_at_once()
    {
        EnclaveHost host = Host();
        for (int i = 0; i < 20; i++)
        {
            Task<DurableRun> started = host.StartAsync("return await waitFor('go')", Named($"seen-{i}"), Token);
            DurableWait? seen = null;
            // Without a pause: it takes a moment from the row to what leads to it.
            while (seen is null) seen = await host.Runs.FindAsync($"seen-{i}", cancellationToken: Token) is { Waits: [var first, ..] } ? first : null;

            await host.AnswerAsync(seen.Token, i, Token);

            await started;
        }
    }

    [Fact]
    public async Task Keys_can_be_changed_and_without_the_old_one_a_run_is_refused()
    {
        byte[] first = _keys[0], second = RandomNumberGenerator.GetBytes(32);
        DurableRun waiting = await Host().StartAsync("const x = await waitFor('go'); return x + await waitFor('on');", Named("keyed"), Token);
        _keys = [second];
        JournalException unknown = await Assert.ThrowsAsync<JournalException>(() => Host().ResumeAsync("keyed", cancellationToken: Token));
        _keys = [];
        JournalException none = await Assert.ThrowsAsync<JournalException>(() => Host().ResumeAsync("keyed", cancellationToken: Token));
        JournalException fork = await Assert.ThrowsAsync<JournalException>(
            () => Host().Runs.ForkAsync("keyed", new ForkOptions { Name = "copy" }, cancellationToken: Token));
        _keys = [second, first];

        EnclaveHost both = Host();
        await both.AnswerAsync(waiting.Waits[0].Token, 1, Token);
        DurableRun half = await both.ResumeAsync("keyed", cancellationToken: Token);
        await both.AnswerAsync(half.Waits[0].Token, 2, Token);

        Assert.Equal(JournalFault.KeyMissing, unknown.Fault);
        Assert.Equal(JournalFault.KeyMissing, none.Fault);
        Assert.Equal(JournalFault.KeyMissing, fork.Fault);
        Assert.Equal(3, (await both.ResumeAsync("keyed", cancellationToken: Token)).Result!.Value.AsInt32());
    }

    [Fact]
    public async Task What_killed_processes_left_is_removed_when_the_store_opens()
    {
        await Host().StartAsync("return await waitFor('x')", Named("kept"), Token);
        string row = Directory.EnumerateFiles(_folder, "*.run").Single(), id = Path.GetFileNameWithoutExtension(row), other = new('0', 48);
        string[] left =
        [
            $"{row}.{Guid.NewGuid():n}", Path.Combine(_folder, $"{id}.{new string('a', 32)}.answer.{Guid.NewGuid():n}"),
            Path.Combine(_folder, "tokens", $"{new string('a', 32)}.{Guid.NewGuid():n}"),
            Path.Combine(_folder, $"{other}.{Guid.NewGuid():n}.journal"), Path.Combine(_folder, $"{other}.lock"),
        ];
        foreach (string file in left) await File.WriteAllTextAsync(file, "cut", Token);
        string written = $"{row}.{Guid.NewGuid():n}";
        using Enclave.Linux.LockedFile? held = Enclave.Linux.FileLock.TryTake(written);

        await Store.DueAsync(TimeProvider.System.GetUtcNow(), 1, new HashSet<Enclave.Journals.RunKey>(), new HashSet<string>(), Token);

        Assert.DoesNotContain(left, File.Exists);
        // Its writer is alive.
        Assert.True(File.Exists(written));
        Assert.NotNull(await Host().Runs.FindAsync("kept", cancellationToken: Token));
    }

    [Fact]
    public async Task A_run_has_one_host_also_where_dotnet_locks_no_files()
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Repository.DotNet, ["exec", Repository.Built("Enclave.TestHost"), "step", _folder, Path.Combine(_folder, "ledger")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment = { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" },
            })!;
        try
        {
            await process.StandardInput.WriteLineAsync("""{ "name": "spins", "now": 0, "code": "while (true) {}" }""");
            await Within.Becomes(() => Directory.EnumerateFiles(_folder, "*.run").Any(), "the other process runs it");

            Assert.Null(await Store.TakeAsync(new Enclave.Journals.RunKey(null, "spins"), Enclave.Journals.TakePurpose.GoOn, Token));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Nothing_readable_is_left_in_the_folder_with_a_key()
    {
        EnclaveHost host = Host();
        DurableRun waiting = await host.StartAsync(
            "await callTool('note', { text: 'SECRETARG' }); console.log('SECRETLINE'); return await waitFor('go');", Named("quiet"), Token);
        await host.AnswerAsync(waiting.Waits[0].Token, "SECRETANSWER", Token);

        string everything = string.Concat(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select((file) => File.ReadAllText(file)));

        Assert.DoesNotContain("SECRET", everything, StringComparison.Ordinal);
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles())
            Assert.True((file.UnixFileMode & Others) == 0 || file.Length == 0, file.Name);
    }

    [Fact]
    public async Task Pages_are_in_the_order_of_changes_and_nothing_of_a_removed_run_is_due()
    {
        EnclaveHost host = Host(options: (options) => options.Durable!.MaxRunsPerTenant = 30);
        for (int i = 0; i < 30; i++) await host.StartAsync(i % 2 == 0 ? "await sleep('3d')" : "return 1", Named($"run-{i:00}"), Token);

        JournalException full = await Assert.ThrowsAsync<JournalException>(() => host.StartAsync("return 1", Named("more"), Token));
        IReadOnlyList<DurableRun> first = await host.Runs.ListAsync(new RunQuery { Limit = 20 }, Token);
        IReadOnlyList<DurableRun> second = await host.Runs.ListAsync(new RunQuery { Limit = 20, Before = first[^1].Changed }, Token);

        Assert.Equal(JournalFault.Full, full.Fault);
        Assert.Equal(Enumerable.Range(0, 30).Select((i) => $"run-{i:00}"), first.Concat(second).Select((run) => run.Name).Order());
        Assert.Equal(first.Concat(second).Select((run) => run.Changed).OrderDescending(), first.Concat(second).Select((run) => run.Changed));
        // Runs that sleep for days are in one of the folders of that time; those that have ended in one of a week from now.
        Assert.InRange(Directory.GetDirectories(Path.Combine(_folder, "due")).Length, 2, 4);
        Assert.True(await host.Runs.CancelAsync("run-00", cancellationToken: Token));
        foreach (DurableRun run in first.Concat(second).Where((run) => run.State == DurableRunState.Ended || run.Name == "run-00"))
            Assert.True(await host.Runs.DeleteAsync(run.Name, cancellationToken: Token));
        Assert.Equal(14, Directory.GetFiles(Path.Combine(_folder, "due"), "*", SearchOption.AllDirectories).Length);
        // What was removed makes room at once.
        Assert.Equal("OK", (await host.StartAsync("return 1", Named("more"), Token)).Outcome);
    }
}
