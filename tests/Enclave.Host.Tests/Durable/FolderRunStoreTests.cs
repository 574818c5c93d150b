using System.Security.Cryptography;

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
    public async Task Keys_can_be_changed_and_without_the_old_one_a_run_is_refused()
    {
        byte[] first = _keys[0], second = RandomNumberGenerator.GetBytes(32);
        DurableRun waiting = await Host().StartAsync("const x = await waitFor('go'); return x + await waitFor('on');", Named("keyed"), Token);
        _keys = [second];
        JournalException unknown = await Assert.ThrowsAsync<JournalException>(() => Host().ResumeAsync("keyed", cancellationToken: Token));
        _keys = [];
        JournalException none = await Assert.ThrowsAsync<JournalException>(() => Host().ResumeAsync("keyed", cancellationToken: Token));
        _keys = [second, first];

        EnclaveHost both = Host();
        await both.AnswerAsync(waiting.Waits[0].Token, 1, Token);
        DurableRun half = await both.ResumeAsync("keyed", cancellationToken: Token);
        await both.AnswerAsync(half.Waits[0].Token, 2, Token);

        Assert.Equal(JournalFault.Refused, unknown.Fault);
        Assert.Equal(JournalFault.Refused, none.Fault);
        Assert.Equal(3, (await both.ResumeAsync("keyed", cancellationToken: Token)).Result!.Value.AsInt32());
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
}
