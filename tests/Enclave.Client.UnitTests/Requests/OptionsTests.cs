using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Client.UnitTests;

public sealed class OptionsTests
{
    private static readonly Uri s_url = new("http://127.0.0.1:1/base/");

    public static TheoryData<string, EnclaveClientOptions> Wrong => new()
    {
        { "BaseUrl", new() { BaseUrl = new Uri("relative", UriKind.Relative) } },
        { "BaseUrl", new() { BaseUrl = new Uri("ftp://host/") } },
        { "BaseUrl", new() { BaseUrl = new Uri("http://user:secret@host/") } },
        { "BaseUrl", new() { BaseUrl = new Uri("http://host/?a=b") } },
        { "Timeout", new() { BaseUrl = s_url, Timeout = TimeSpan.Zero } },
        { "Timeout", new() { BaseUrl = s_url, Timeout = TimeSpan.FromDays(2) } },
        { "HeartbeatTimeout", new() { BaseUrl = s_url, HeartbeatTimeout = TimeSpan.FromSeconds(-3) } },
        { "ReconnectDelay", new() { BaseUrl = s_url, ReconnectDelay = TimeSpan.FromSeconds(31) } },
        { "CancelTimeout", new() { BaseUrl = s_url, CancelTimeout = Timeout.InfiniteTimeSpan } },
        { "MaxReconnectAttempts", new() { BaseUrl = s_url, MaxReconnectAttempts = -1 } },
        { "MaxLineBytes", new() { BaseUrl = s_url, MaxLineBytes = 10 } },
        { "MaxBufferedEvents", new() { BaseUrl = s_url, MaxBufferedEvents = 0 } },
        { "MaxBufferedBytes", new() { BaseUrl = s_url, MaxBufferedBytes = 0 } },
        { "MaxKeptEvents", new() { BaseUrl = s_url, MaxKeptEvents = -1 } },
        { "MaxKeptBytes", new() { BaseUrl = s_url, MaxKeptBytes = -1 } },
        { "MaxAnswerBytes", new() { BaseUrl = s_url, MaxAnswerBytes = 1 } },
        { "Encryption", new() { BaseUrl = s_url, Encryption = (EncryptionMode)7 } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_setting_out_of_its_range_is_named(string name, EnclaveClientOptions options)
    {
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => new EnclaveClient(options));

        Assert.Equal(name, wrong.ParamName);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-A", "b\r\nX-C: d")]
    [InlineData("X A", "b")]
    [InlineData("Content-Type", "text/plain")]
    public void A_header_that_cannot_be_sent_is_told_at_once(string name, string value) =>
        Assert.ThrowsAny<Exception>(
            () => new EnclaveClient(new EnclaveClientOptions { BaseUrl = s_url, Headers = new Dictionary<string, string> { [name] = value } }));

    [Fact]
    public async Task Options_that_no_session_can_have_are_the_callers_mistake()
    {
        await using EnclaveClient client = new(s_url);

        await Assert.ThrowsAsync<ArgumentException>(() => client.ExecuteAsync("x", new ExecuteOptions { SessionId = "mine" }));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ExecuteAsync("x", new ExecuteOptions { SessionId = "s_ /" }));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ExecuteAsync("x", new ExecuteOptions { Filter = JsonDocument.Parse("[]").RootElement }));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ExecuteAsync("x", new ExecuteOptions { Timeout = TimeSpan.Zero }));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ExecuteAsync("x", new ExecuteOptions { Encryption = (EncryptionMode)9 }));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ExecuteAsync("x", new ExecuteOptions { Language = "TypeScript" }));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ExecuteAsync("x", new ExecuteOptions { Language = "" }));
        await Assert.ThrowsAsync<ArgumentNullException>(() => client.ExecuteAsync(null!));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.ResumeAsync("s_1", -1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/")]
    public async Task A_base_address_keeps_its_path(string path)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using EnclaveClient client = new(new Uri(broker.BaseUrl, path));

        await client.GetSessionAsync("s_1");

        Assert.Equal($"GET {path.TrimEnd('/')}/sessions/s_1", Assert.Single(broker.Asked));
    }
}
