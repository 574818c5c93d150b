using System.Diagnostics;
using System.Runtime.Versioning;
using Enclave.Cli.Commands;
using Enclave.Cli.Mcp;
using Enclave.Tests;
using ModelContextProtocol.Authentication;

namespace Enclave.Cli.Tests;

/// <summary>The file of sign-ins in a folder that others may write to.</summary>
[SupportedOSPlatform("linux")]
public sealed class SignInFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly Uri s_address = new("http://localhost/");

    private readonly TemporaryFolder _folder = new();

    private string FilePath => Path.Combine(_folder.Path, "sign-ins.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_written_for_its_owner_alone_and_read_again()
    {
        await StoreAsync("one");
        await StoreAsync("two");

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(FilePath));
        Assert.Equal("one", (await new SignInFile(FilePath).Of("one", s_address).GetTokensAsync(default))!.AccessToken);
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_link_is_refused_and_its_target_is_not_read()
    {
        await StoreAsync("one");
        string link = Path.Combine(_folder.Path, "link.json");
        File.CreateSymbolicLink(link, FilePath);

        Assert.Contains("a link", Assert.Throws<UsageException>(() => new SignInFile(link)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_waits_under_the_name_of_the_new_one_gets_no_tokens()
    {
        // The name of the new file, as it was guessed.
        string waiting = $"{FilePath}.{Environment.ProcessId}";
        await File.WriteAllTextAsync(waiting, "theirs");
        File.SetUnixFileMode(waiting, Everybody);

        await StoreAsync("one");

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(FilePath));
        Assert.Equal("theirs", await File.ReadAllTextAsync(waiting));
    }

    [Fact]
    public async Task A_link_under_the_name_of_the_new_file_is_not_followed()
    {
        string target = Path.Combine(_folder.Path, "target");
        await File.WriteAllTextAsync(target, "theirs");
        File.CreateSymbolicLink($"{FilePath}.{Environment.ProcessId}", target);

        await StoreAsync("one");

        Assert.Equal("theirs", await File.ReadAllTextAsync(target));
        Assert.Null(new FileInfo(FilePath).LinkTarget);
    }

    [Fact]
    public void A_file_of_somebody_else_is_refused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root gives files away");
        File.WriteAllText(FilePath, "{}");
        File.SetUnixFileMode(FilePath, OwnerOnly);
        Process.Start("chown", ["12345", FilePath]).WaitForExit();

        Assert.Contains("another user", Assert.Throws<UsageException>(() => new SignInFile(FilePath)).Message, StringComparison.Ordinal);
    }

    private async Task StoreAsync(string name) => await new SignInFile(FilePath).Of(name, s_address)
        .StoreTokensAsync(new TokenContainer { AccessToken = name, TokenType = "Bearer", ObtainedAt = DateTimeOffset.UnixEpoch }, default);
}
