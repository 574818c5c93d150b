using System.Security.Cryptography;

namespace Enclave.Host.Tests.Durable;

/// <summary>Conversations in files, sealed.</summary>
public sealed class FolderConversationTests : ConversationTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-conversations-").FullName;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private protected override RunStore Store => RunStore.InFolder(_folder);

    private protected override IReadOnlyList<byte[]> Keys => [_key];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Nothing_of_a_value_is_readable_in_the_store_and_a_changed_file_is_refused()
    {
        EnclaveHost host = Host();
        var run = new RunOptions { Conversation = "a" };
        await host.RunAsync("await store('word', 'a-very-special-word')", run, Token);
        string journal = Assert.Single(Directory.GetFiles(_folder, "*.journal", SearchOption.AllDirectories));
        byte[] bytes = await File.ReadAllBytesAsync(journal, Token);
        Assert.DoesNotContain("special", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);

        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes, Token);

        ExecutionResult result = await host.RunAsync("try { return await load('word') } catch (e) { return e.code }", run, Token);
        Assert.Equal("CONVERSATION_UNAVAILABLE", result.Value.AsString());
    }
}
