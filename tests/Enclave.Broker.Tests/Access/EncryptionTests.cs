using System.Net;
using System.Text.Json;
using Enclave.Client;
using Enclave.Streaming;

namespace Enclave.Broker.Tests.Access;

/// <summary>A broker that runs only encrypted sessions.</summary>
public sealed class EncryptionTests
{
    [Theory]
    [InlineData("/sessions", "")]
    [InlineData("/execute", "")]
    [InlineData("/sessions", """, "encryption": null""")]
    [InlineData("/sessions", """, "encryption": { "mode": "disabled" }""")]
    [InlineData("/sessions", """, "encryption": { "mode": "optional" }""")]
    [InlineData("/sessions", """, "encryption": { "mode": "optional", "clientHello": { "ephemeralPublicKey": "no" } }""")]
    public async Task A_session_in_clear_does_not_run(string path, string more)
    {
        int called = 0;
        await using BrokerApp app = await BrokerApp.Open(
            (broker) => broker.RequireEncryption = true, (options) => options.Tools.Add("touch", () => Interlocked.Increment(ref called)));

        using HttpResponseMessage response = await app.Post($$"""{ "code": "return await callTool('touch')"{{more}} }""", path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("ENCRYPTION_REQUIRED", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        Assert.Equal(0, called);
    }

    [Fact]
    public async Task An_encrypted_one_runs()
    {
        await using BrokerApp app = await BrokerApp.Open((broker) => broker.RequireEncryption = true);
        await using var client = new EnclaveClient(
            new EnclaveClientOptions { BaseUrl = app.Address, Encryption = EncryptionMode.Required }, new HttpClient());

        Assert.Equal(3, (await client.ExecuteAsync("return 3")).Value!.Value.GetInt32());
    }
}
