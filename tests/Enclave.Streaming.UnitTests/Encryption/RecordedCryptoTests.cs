using System.Text;
using System.Text.Json;
using Enclave.Streaming.Encryption;
using Enclave.Tests;

namespace Enclave.Streaming.Tests.Encryption;

/// <summary>The recorded handshake, keys and messages.</summary>
public sealed class RecordedCryptoTests
{
    [Fact]
    public void The_handshake_gives_the_recorded_secret_and_keys()
    {
        JsonElement entry = RecordedVectors.Of("crypto", "handshake").Single();
        using KeyPair client = ClientKey(entry), server = ServerKey(entry);
        Assert.True(ClientHello.TryRead(entry.GetProperty("clientHello"), out ClientHello? clientHello, out string? problem), problem);
        Assert.True(ServerHello.TryRead(entry.GetProperty("serverHello"), out ServerHello? serverHello, out problem), problem);
        Assert.Equal(clientHello.PublicKeyB64, client.PublicKeyB64);
        Assert.Equal(serverHello.PublicKeyB64, server.PublicKeyB64);
        Assert.Equal(entry.Hex("sharedSecretHex"), client.SharedSecret(serverHello.PublicKeyB64));
        Assert.Equal(entry.Hex("sharedSecretHex"), server.SharedSecret(clientHello.PublicKeyB64));
        Assert.Equal(KeySchedule.ClientToServer, entry.Text("infoC2S"));
        Assert.Equal(KeySchedule.ServerToClient, entry.Text("infoS2C"));
        Assert.Equal(entry.Hex("clientToServerKeyHex"), Key(entry, KeySchedule.ClientToServer));
        Assert.Equal(entry.Hex("serverToClientKeyHex"), Key(entry, KeySchedule.ServerToClient));
    }

    [Fact]
    public void Hellos_are_written_as_recorded()
    {
        JsonElement entry = RecordedVectors.Of("crypto", "handshake").Single();
        using KeyPair client = ClientKey(entry), server = ServerKey(entry);
        using var handshake = ClientHandshake.Start(client);
        Assert.Equal(entry.GetProperty("clientHello").GetRawText(), handshake.Hello.ToJson().GetRawText());
        ServerHandshake answer = ServerHandshake.Answer(handshake.Hello, entry.Text("sessionId")!, server, "k_fixed");
        using SessionCiphers ciphers = answer.Ciphers;
        Assert.Equal(entry.GetProperty("serverHello").GetRawText(), answer.Hello.ToJson().GetRawText());
    }

    [Fact]
    public void The_recorded_message_is_read_by_the_recorded_handshake()
    {
        JsonElement entry = RecordedVectors.Of("crypto", "handshake").Single(), message = RecordedVectors.Of("crypto", "envelope").Single();
        Assert.True(ServerHello.TryRead(entry.GetProperty("serverHello"), out ServerHello? hello, out _));
        Assert.True(EventReader.TryRead(message.GetProperty("envelope"), EventTolerance.Exact, out SessionEvent? received, out _));
        using var handshake = ClientHandshake.Start(ClientKey(entry));
        using SessionCiphers ciphers = handshake.Finish(hello, entry.Text("sessionId")!);
        SessionEvent opened = ciphers.Incoming.Open(received, EventTolerance.Exact);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(message.Text("plaintext")!), JsonElement.Parse(opened.ToJsonString())));
    }

    [Fact]
    public void Messages_are_encrypted_as_recorded()
    {
        JsonElement message = RecordedVectors.Of("crypto", "envelope").Single();
        byte[] nonce = message.Hex("nonceHex");
        using var cipher = new SessionCipher(message.Hex("keyHex"), "k_fixed", nonce[..8], MessageNonce.Counter(nonce));
        var sent = new SessionEvent("s_vector-1", 3, cipher.Encrypt(Encoding.UTF8.GetBytes(message.Text("plaintext")!)));
        Assert.Equal(message.GetProperty("envelope").GetRawText(), sent.ToJsonString());
    }

    [Fact]
    public void A_context_counts_as_recorded()
    {
        JsonElement entry = RecordedVectors.Of("crypto", "context").Single();
        using var reader = new SessionCipher(entry.Hex("keyHex"), "k_ctx");
        byte[][] plaintexts = [.. new[] { "e1", "e2" }.Select((name) => reader.Decrypt(Message(entry.GetProperty(name))))];
        using var writer = new SessionCipher(entry.Hex("keyHex"), "k_ctx", Convert.FromBase64String(Message(entry.GetProperty("e1")).NonceB64)[..8], 0);
        Assert.Equal(Message(entry.GetProperty("e1")), writer.Encrypt(plaintexts[0]));
        Assert.Equal(Message(entry.GetProperty("e2")), writer.Encrypt(plaintexts[1]));
        Assert.Equal(entry.Text("counterAfter"), $"{writer.Messages}");
    }

    [Fact]
    public void Without_a_salt_keys_are_as_recorded()
    {
        JsonElement entry = RecordedVectors.Of("crypto", "hkdf_default_salt").Single();
        byte[] key = new byte[32], half = new byte[16];
        KeySchedule.Derive(entry.Hex("ikmHex"), [], entry.Text("info")!, key);
        KeySchedule.Derive(entry.Hex("ikmHex"), [], entry.Text("info")!, half);
        Assert.Equal(entry.Hex("outHex"), key);
        Assert.Equal(entry.Hex("out16Hex"), half);
    }

    [Fact]
    public void Nonces_are_as_recorded()
    {
        foreach (JsonElement entry in RecordedVectors.Of("crypto", "counter_nonce"))
        {
            byte[] nonce = new byte[MessageNonce.Bytes];
            MessageNonce.Write(entry.Hex("prefixHex"), ulong.Parse(entry.Text("counter")!, System.Globalization.CultureInfo.InvariantCulture), nonce);
            Assert.Equal(entry.Hex("nonceHex"), nonce);
        }
    }

    [Fact]
    public void Failures_have_the_recorded_codes()
    {
        Dictionary<string, string?> codes = RecordedVectors.Of("crypto", "failure").ToDictionary((entry) => entry.Text("note")!, (entry) => entry.Text("code"));
        using var cipher = new SessionCipher(new byte[32], "k");
        Encrypted message = cipher.Encrypt("x"u8);
        using var reader = new SessionCipher(new byte[32], "k");
        Assert.Equal(codes["tampered ciphertext"],
            Assert.Throws<EncryptionException>(() => reader.Decrypt(message with { CiphertextB64 = Convert.ToBase64String(new byte[17]) })).Code);
        Assert.Equal(codes["nonce of 11 bytes"],
            Assert.Throws<EncryptionException>(() => reader.Decrypt(message with { NonceB64 = Convert.ToBase64String(new byte[11]) })).Code);
        Assert.Equal(codes["prefix of 7 bytes"], Assert.Throws<EncryptionException>(() => MessageNonce.Write(new byte[7], 0, new byte[12])).Code);
        Assert.Equal(codes["bad public key"], Assert.Throws<EncryptionException>(() => ServerHandshake.Answer(new ClientHello("AAAA"), "s_1")).Code);
        // Intended difference: the recorded product decrypts a message for other keys with these.
        Assert.True(codes.ContainsKey("kid is not checked on decrypt"));
        Assert.Equal(EncryptionCodes.DecryptionFailed, Assert.Throws<EncryptionException>(() => reader.Decrypt(message with { KeyId = "other" })).Code);
    }

    [Fact]
    public void Requests_are_decided_as_recorded()
    {
        foreach (JsonElement entry in RecordedVectors.Of("schema")
            .Where((entry) => entry.Text("schema") == "create_session" && entry.GetProperty("input").TryGetProperty("encryption", out _)))
        {
            JsonElement sent = entry.GetProperty("input").GetProperty("encryption");
            bool ok = EncryptionRequest.TryRead(sent, out EncryptionRequest? request, out string? problem);
            Assert.True(ok == entry.GetProperty("ok").GetBoolean(), entry.Text("note"));
            if (ok) Assert.Equal(sent.GetRawText(), request!.ToJson().GetRawText());
            else Assert.Contains(entry.GetProperty("paths").EnumerateArray(), (path) => path.GetString() == $"encryption.{problem!.Split(':')[0]}");
        }
    }

    private static Encrypted Message(JsonElement envelope)
    {
        Assert.True(EventReader.TryRead(envelope, EventTolerance.Exact, out SessionEvent? read, out string? problem), problem);
        return Assert.IsType<Encrypted>(read.Payload);
    }

    private static KeyPair ClientKey(JsonElement entry) => KeyPair.FromPkcs8(Convert.FromBase64String(entry.Text("clientPrivatePkcs8B64")!));

    /// <summary>Only numbers were recorded; the client's key shows their positions.</summary>
    private static KeyPair ServerKey(JsonElement entry)
    {
        byte[] pkcs8 = Convert.FromBase64String(entry.Text("clientPrivatePkcs8B64")!);
        byte[] number = System.Buffers.Text.Base64Url.DecodeFromChars(entry.GetProperty("clientPrivateJwk").Text("d"));
        byte[] own = System.Buffers.Text.Base64Url.DecodeFromChars(entry.GetProperty("serverPrivateJwk").Text("d"));
        own.CopyTo(pkcs8.AsSpan(pkcs8.AsSpan().IndexOf(number)));
        byte[] theirPoint = Convert.FromBase64String(entry.GetProperty("clientHello").Text("clientEphemeralPubKeyB64")!);
        byte[] ownPoint = Convert.FromBase64String(entry.GetProperty("serverHello").Text("serverEphemeralPubKeyB64")!);
        ownPoint.CopyTo(pkcs8.AsSpan(pkcs8.AsSpan().IndexOf(theirPoint)));
        return KeyPair.FromPkcs8(pkcs8);
    }

    private static byte[] Key(JsonElement entry, string purpose)
    {
        byte[] key = new byte[KeySchedule.KeyBytes];
        KeySchedule.Derive(entry.Hex("sharedSecretHex"), Encoding.UTF8.GetBytes(entry.Text("saltUtf8")!), purpose, key);
        return key;
    }
}
