using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Files that the host writes in places where another user has put links.</summary>
public sealed class PlantedLinkTests : IDisposable
{
    private const string Other = "63001";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-links-");

    public PlantedLinkTests() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make links of somebody else");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task S2_An_audit_does_not_go_where_another_users_link_leads()
    {
        (string target, string link) = Planted("audit.jsonl", Other);
        var sink = new JsonLinesAuditSink(link);
        AuditRecord record = new() { Host = "h", Time = default, Kind = AuditRecordKind.Run };

        IOException refused = await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync([record], CancellationToken.None).AsTask());

        Assert.StartsWith($"{link} is a link of user {Other}", refused.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(target));
        // The operator's own link, for example to a log folder, is followed.
        OtherWriters.Shell("chown", "-h", "0", link);
        await sink.WriteAsync([record], CancellationToken.None);
        Assert.StartsWith("precious\n{", await File.ReadAllTextAsync(target), StringComparison.Ordinal);
    }

    [Fact]
    public void S2_A_link_that_is_taken_away_again_is_noticed()
    {
        (string target, string link) = Planted("out", Other);
        using FileStream opened = File.OpenRead(target);

        // For every state at the time of the check: another user's link, nothing, or another file.
        Assert.Throws<IOException>(() => OutputFile.Open(link, FileAccess.Write, FileShare.Read));
        File.Delete(link);
        OutputFile.Open(link, FileAccess.Write, FileShare.Read).Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(link));
        Assert.Equal("precious", File.ReadAllText(target));
    }

    /// <summary>Another thread swaps link and file as fast as it can. None of a thousand writes reaches the target of the link.</summary>
    [Fact]
    public async Task S2_An_exchange_between_two_looks_does_not_help()
    {
        (string target, string link) = Planted("race", Other);
        string mine = Path.Combine(_folder.FullName, "mine"), spare = Path.Combine(_folder.FullName, "spare");
        using var end = new CancellationTokenSource();
        Task exchange = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                File.Move(link, spare, overwrite: true);
                File.WriteAllText(mine, "");
                File.Move(mine, link, overwrite: true);
                File.Move(spare, link, overwrite: true);
            }
        });
        int written = 0, refused = 0;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        // On a busy machine the other thread may not run at first.
        while (written + refused < 1000 || (refused == 0 && !patience.IsCancellationRequested))
        {
            try
            {
                using FileStream file = OutputFile.Open(link, FileAccess.Write, FileShare.ReadWrite);
                file.Write("stolen"u8);
                written++;
            }
            catch (IOException)
            {
                refused++;
            }
        }

        await end.CancelAsync();
        await Within.Deadline(exchange, "end of the exchange");

        Assert.Equal("precious", File.ReadAllText(target));
        Assert.True(refused > 0, $"{written} written, {refused} refused");
    }

    private (string Target, string Link) Planted(string name, string owner)
    {
        string target = Path.Combine(_folder.FullName, $"precious-{name}"), link = Path.Combine(_folder.FullName, name);
        File.WriteAllText(target, "precious");
        File.CreateSymbolicLink(link, target);
        OtherWriters.Shell("chown", "-h", owner, link);
        return (target, link);
    }
}
