using System.Text.Json;
using Enclave.Client.Http;
using Enclave.Streaming;
using Enclave.Streaming.Encryption;
using Enclave.Tests;

namespace Enclave.Client.UnitTests;

public sealed class EncryptionTests
{
    [Theory]
    [InlineData(EncryptionMode.Required)]
    [InlineData(EncryptionMode.Optional)]
    public async Task Events_are_read_by_nobody_on_the_way(EncryptionMode mode)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            using SessionCiphers ciphers = await AgreeAsync(exchange);
            await exchange.SendAsync(Sealed(ciphers, exchange.SessionId, 2, new Stdout("hidden")), Sealed(
                ciphers, exchange.SessionId, 3, new Final { Ok = true, Result = JsonSerializer.SerializeToElement(7) }));
        });
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, Encryption = mode });

        SessionResult result = await client.ExecuteAsync("x");

        Assert.Null(result.Error);
        Assert.Equal(7, result.Value!.Value.GetInt32());
        Assert.Equal(["1 session_init", "2 stdout", "3 final"], result.Events.Select((taken) => taken.ToString()));
        JsonElement asked = broker.Exchanges[0].Json.GetProperty("encryption");
        Assert.Equal(mode == EncryptionMode.Required ? "required" : "optional", asked.GetProperty("mode").GetString());
        Assert.Equal("P-256", asked.GetProperty("clientHello").GetProperty("curve").GetString());
    }

    [Fact]
    public async Task Nothing_is_asked_for_unless_it_is_wanted()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Final(exchange.SessionId, 1)));
        await using EnclaveClient client = broker.Client();

        await client.ExecuteAsync("x");

        Assert.False(broker.Exchanges[0].Json.TryGetProperty("encryption", out _));
    }

    [Fact]
    public async Task A_broker_that_cannot_is_left_when_encryption_is_required()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Init(exchange.SessionId), Wire.Final(exchange.SessionId, 2)))
            .On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = broker.Client();

        SessionResult required = await client.ExecuteAsync("x", new ExecuteOptions { Encryption = EncryptionMode.Required });
        SessionResult optional = await client.ExecuteAsync("x", new ExecuteOptions { Encryption = EncryptionMode.Optional });

        Assert.Equal((EncryptionCodes.HandshakeFailed, 0), (required.Error!.Code, required.Events.Count));
        Assert.True(optional.Success);
        await broker.NextAsync("POST /sessions/*/cancel", "cancel of the script that nobody reads");
    }

    [Fact]
    public async Task An_end_in_clear_is_not_believed_after_the_handshake()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            using SessionCiphers ciphers = await AgreeAsync(exchange);
            await exchange.SendAsync(Wire.Final(exchange.SessionId, 2, "666"));
        });
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x", new ExecuteOptions { Encryption = EncryptionMode.Optional });

        Assert.Equal(EncryptionCodes.DecryptionFailed, result.Error!.Code);
        Assert.Null(result.Value);
    }

    [Fact]
    public async Task An_event_under_another_number_is_not_believed()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            using SessionCiphers ciphers = await AgreeAsync(exchange);
            SessionEvent inner = new(exchange.SessionId, 2, new Stdout("a"));
            await exchange.SendAsync((ciphers.Outgoing.Seal(inner) with { Seq = 3 }).ToJsonString());
        });
        await using EnclaveClient client = broker.Client();

        Assert.Equal(
            EncryptionCodes.DecryptionFailed, (await client.ExecuteAsync("x", new ExecuteOptions { Encryption = EncryptionMode.Required })).Error!.Code);
    }

    [Theory]
    [InlineData("null")]
    [InlineData(
        """{"protocolVersion":2,"serverEphemeralPubKeyB64":"AA==","curve":"P-256","selectedAlgorithm":"AES-GCM-256","kdf":"HKDF-SHA-256","keyId":"k_1"}""")]
    public async Task A_broken_handshake_ends_the_session(string hello)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", (exchange) => exchange.SendAsync(Wire.Event(exchange.SessionId, 1, "session_init",
            $$$"""{"cancelUrl":"/c","expiresAt":"2026-11-20T07:12:12.350Z","encryption":{"enabled":true,"keyId":"k_1","serverHello":{{{hello}}}}}""")));
        await using EnclaveClient client = broker.Client();

        ClientError error = (await Within.Deadline(client.ExecuteAsync("x", new ExecuteOptions { Encryption = EncryptionMode.Optional }), "result")).Error!;

        Assert.StartsWith("ENCRYPTION_", error.Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resumed_stream_keeps_its_keys_and_passes_over_what_was_there()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        var sent = new List<string>();
        SessionCiphers ciphers = null!;
        broker.On("POST /sessions", async (exchange) =>
        {
            ciphers = await AgreeAsync(exchange, sent);
            sent.Add(Sealed(ciphers, exchange.SessionId, 2, new Stdout("a")));
            await exchange.SendAsync(sent[1]);
            exchange.Cut();
        });
        broker.On("GET /sessions/*/stream", (exchange) => exchange.SendAsync(
            sent[0], sent[1], Sealed(ciphers, exchange.SessionId, 3, new Final { Ok = true })));
        await using EnclaveClient client = broker.Client();

        SessionResult result = await client.ExecuteAsync("x", new ExecuteOptions { Encryption = EncryptionMode.Required });

        Assert.Null(result.Error);
        Assert.Equal([1, 2, 3], result.Events.Select((taken) => taken.Seq));
        ciphers.Dispose();
    }

    [Fact]
    public async Task Keys_are_not_to_be_had_a_second_time()
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        await using EnclaveClient client = new(new EnclaveClientOptions { BaseUrl = broker.BaseUrl, Encryption = EncryptionMode.Required });

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ResumeAsync("s_1"));
    }

    private static async Task<SessionCiphers> AgreeAsync(Exchange exchange, List<string>? sent = null)
    {
        Assert.True(EncryptionRequest.TryRead(exchange.Json.GetProperty("encryption"), out EncryptionRequest? request, out _));
        ServerHandshake handshake = ServerHandshake.Answer(request.ClientHello!, exchange.SessionId);
        string line = new SessionEvent(exchange.SessionId, 1, new SessionInit
        {
            CancelUrl = "/c",
            ExpiresAt = DateTimeOffset.UnixEpoch,
            Encryption = new SessionEncryption(true, handshake.Hello.KeyId, handshake.Hello.ToJson()),
        }).ToJsonString();
        sent?.Add(line);
        await exchange.SendAsync(line);
        return handshake.Ciphers;
    }

    private static string Sealed(SessionCiphers ciphers, string session, long seq, EventPayload payload) =>
        ciphers.Outgoing.Seal(new SessionEvent(session, seq, payload)).ToJsonString();
}
