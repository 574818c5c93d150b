using System.Text.Json;
using Enclave.Client.Http;
using Enclave.Streaming;
using Enclave.Streaming.Encryption;
using Enclave.Tests;

namespace Enclave.Client.UnitTests.Hostile;

/// <summary>An attacker between broker and client who sees every encrypted line, and repeats, moves, drops and swaps lines.</summary>
public sealed class TamperedEventsTests
{
    // Lines 2 to 5 are the texts a to d, 6 is the end. A name with ' belongs to another session of the same client; a name with ^ has the number 9.
    [Theory]
    [InlineData("a b c d end", "abcd", null)]
    [InlineData("a a b b b c d a end", "abcd", null)]
    [InlineData("a b c d end end a", "abcd", null)]
    [InlineData("a c b d end", "acd", null)]
    [InlineData("c d a b end", "cd", null)]
    [InlineData("a b d end", "abd", null)]
    [InlineData("a b c", "", ClientErrorCodes.ParseError)]
    [InlineData("end", "", null)]
    [InlineData("a b^ c d end", "", EncryptionCodes.DecryptionFailed)]
    [InlineData("a b c d a^ end", "", EncryptionCodes.NonceReuse)]
    [InlineData("a b' c d end", "", EncryptionCodes.DecryptionFailed)]
    [InlineData("a b c d end'", "", EncryptionCodes.DecryptionFailed)]
    [InlineData("a b c d mine", "", EncryptionCodes.DecryptionFailed)]
    [InlineData("a b c d clear", "", EncryptionCodes.DecryptionFailed)]
    [InlineData("a b renamed c d end", "", EncryptionCodes.DecryptionFailed)]
    public async Task Nothing_is_told_twice_or_out_of_order_and_nothing_forged(string lines, string told, string? code)
    {
        await using ScriptedBroker broker = await ScriptedBroker.StartAsync();
        broker.On("POST /sessions", async (exchange) =>
        {
            Assert.True(EncryptionRequest.TryRead(exchange.Json.GetProperty("encryption"), out EncryptionRequest? request, out _));
            string session = exchange.SessionId;
            ServerHandshake handshake = ServerHandshake.Answer(request.ClientHello!, session), other = ServerHandshake.Answer(request.ClientHello!, session);
            using SessionCiphers own = handshake.Ciphers, others = other.Ciphers;
            SessionEvent[] plain = [.. "abcd".Select((text, i) => new SessionEvent(session, 2 + i, new Stdout($"{text}"))), new SessionEvent(
                session, 6, new Final { Ok = true, Result = JsonSerializer.SerializeToElement(7) })];
            SessionEvent[] ours = [.. plain.Select(own.Outgoing.Seal)], theirs = [.. plain.Select(others.Outgoing.Seal)];
            await exchange.SendAsync(new SessionEvent(session, 1, new SessionInit
            {
                CancelUrl = "/c",
                ExpiresAt = DateTimeOffset.UnixEpoch,
                Encryption = new SessionEncryption(true, handshake.Hello.KeyId, handshake.Hello.ToJson())
            }).ToJsonString());
            foreach (string line in lines.Split(' '))
            {
                string name = line.TrimEnd('^', '\'');
                SessionEvent sent = name switch
                {
                    "mine" => plain[^1] with { Payload = others.Incoming.Encrypt("{}"u8) with { KeyId = own.KeyId } },
                    "clear" => plain[^1],
                    "renamed" => ours[2] with { SessionId = session + "x" },
                    "end" => (line.EndsWith('\'') ? theirs : ours)[^1],
                    _ => (line.EndsWith('\'') ? theirs : ours)[name[0] - 'a'],
                };
                // Uses the other session's key under this one's id.
                if (line.EndsWith('\'')) sent = sent with { Payload = (Encrypted)sent.Payload with { KeyId = own.KeyId } };
                if (line.EndsWith('^')) sent = sent with { Seq = 9 };
                await exchange.SendAsync(sent.ToJsonString());
            }
        }).On("GET /sessions/*/stream", (exchange) =>
            exchange.AnswerAsync(404, "{}")).On("POST /sessions/*/cancel", (exchange) => exchange.AnswerAsync(200, "{}"));
        await using EnclaveClient client = new(
            new EnclaveClientOptions { BaseUrl = broker.BaseUrl, Encryption = EncryptionMode.Required, ReconnectDelay = TimeSpan.FromMilliseconds(1) });

        SessionResult result = await Within.Deadline(client.ExecuteAsync("x"), "result");

        Assert.Equal(code, result.Error?.Code);
        Assert.Equal(code is null, result.Success);
        if (code is not null) return;
        Assert.Equal(told, string.Concat(result.Events.Select((taken) => taken.Payload).OfType<Stdout>().Select((text) => text.Chunk)));
        // Dropped and late events show as gaps in the numbers.
        Assert.Equal(told.Length < 4, result.Missing.Count > 0);
        Assert.Equal(7, result.Value!.Value.GetInt32());
    }
}
