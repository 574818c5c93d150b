using System.Security.Cryptography;
using System.Text.Json;
using Enclave.Streaming.Encryption;

namespace Enclave.Streaming.Tests.Encryption;

public sealed class HandshakeTests
{
    [Fact]
    public void Both_ends_read_each_other()
    {
        using var handshake = ClientHandshake.Start();
        Assert.True(ClientHello.TryRead(handshake.Hello.ToJson(), out ClientHello? hello, out _));
        ServerHandshake answer = ServerHandshake.Answer(hello, "s_1");
        using SessionCiphers server = answer.Ciphers;
        Assert.True(ServerHello.TryRead(answer.Hello.ToJson(), out ServerHello? serverHello, out _));
        using SessionCiphers client = handshake.Finish(serverHello, "s_1");
        Assert.Equal("to the client"u8, client.Incoming.Decrypt(server.Outgoing.Encrypt("to the client"u8)));
        Assert.Equal("to the server"u8, server.Incoming.Decrypt(client.Outgoing.Encrypt("to the server"u8)));
        Assert.StartsWith("k_", server.KeyId, StringComparison.Ordinal);
        Assert.Equal(server.KeyId, client.KeyId);
    }

    [Fact]
    public void Keys_are_good_for_one_direction_of_one_session()
    {
        using var handshake = ClientHandshake.Start();
        ServerHandshake answer = ServerHandshake.Answer(handshake.Hello, "s_1");
        using SessionCiphers server = answer.Ciphers, client = handshake.Finish(answer.Hello, "s_1"), other = handshake.Finish(answer.Hello, "s_2");
        Encrypted message = server.Outgoing.Encrypt("x"u8);
        Assert.Equal(EncryptionCodes.DecryptionFailed, Assert.Throws<EncryptionException>(() => other.Incoming.Decrypt(message)).Code);
        Assert.Equal(EncryptionCodes.DecryptionFailed, Assert.Throws<EncryptionException>(() => server.Incoming.Decrypt(message)).Code);
        Assert.Equal("x"u8, client.Incoming.Decrypt(message));
    }

    [Fact]
    public void Every_handshake_has_keys_of_its_own()
    {
        using var handshake = ClientHandshake.Start();
        ServerHandshake first = ServerHandshake.Answer(handshake.Hello, "s_1"), second = ServerHandshake.Answer(handshake.Hello, "s_1");
        using SessionCiphers one = first.Ciphers, two = second.Ciphers;
        Assert.NotEqual(first.Hello, second.Hello);
        using var again = ClientHandshake.Start();
        Assert.NotEqual(handshake.Hello.PublicKeyB64, again.Hello.PublicKeyB64);
    }

    public static TheoryData<string> NoPoints()
    {
        using var key = KeyPair.Generate();
        byte[] point = Convert.FromBase64String(key.PublicKeyB64);
        byte[] offCurve = [.. point];
        offCurve[64] ^= 1;
        byte[] compressed = [2, .. point[1..33]];
        byte[] hybrid = [6, .. point[1..]];
        // The same point with an x above the prime.
        byte[] aboveThePrime = [4, .. Enumerable.Repeat((byte)0xFF, 32), .. point[33..]];
        byte[] onAnotherCurve = [4, .. new byte[32], .. new byte[31], 1];
        return
        [
            "", "A", "!!!!", key.PublicKeyB64[..^4], key.PublicKeyB64 + "AAAA", key.PublicKeyB64.Insert(40, " "), new string('A', 10_000_000),
            Convert.ToBase64String(new byte[65]), Convert.ToBase64String([0]), Convert.ToBase64String(offCurve), Convert.ToBase64String(compressed),
            Convert.ToBase64String(hybrid), Convert.ToBase64String(aboveThePrime), Convert.ToBase64String(onAnotherCurve), Convert.ToBase64String(point[1..]),
        ];
    }

    [Theory]
    [MemberData(nameof(NoPoints))]
    public void A_key_that_is_no_point_of_the_curve_is_refused_at_both_ends(string key)
    {
        Assert.Equal(EncryptionCodes.InvalidPublicKey, Assert.Throws<EncryptionException>(() => ServerHandshake.Answer(new ClientHello(key), "s_1")).Code);
        using var handshake = ClientHandshake.Start();
        Assert.Equal(EncryptionCodes.InvalidPublicKey, Assert.Throws<EncryptionException>(() => handshake.Finish(new ServerHello(key, "k_1"), "s_1")).Code);
    }

    [Fact]
    public void Points_of_the_curve_are_accepted()
    {
        for (int round = 0; round < 50; round++)
        {
            using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            ECPoint point = key.ExportParameters(false).Q, read = CurvePoint.Read(CurvePoint.Write(point));
            Assert.Equal(point.X, read.X);
            Assert.Equal(point.Y, read.Y);
        }
    }

    [Fact]
    public void A_client_without_our_cipher_is_refused()
    {
        using var handshake = ClientHandshake.Start();
        ClientHello hello = handshake.Hello with { SupportedAlgorithms = ["AES-GCM-128"] };
        Assert.Equal(EncryptionCodes.UnsupportedAlgorithm, Assert.Throws<EncryptionException>(() => ServerHandshake.Answer(hello, "s_1")).Code);
    }

    [Theory]
    [InlineData("""{"protocolVersion":3,"clientEphemeralPubKeyB64":"AA","curve":"P-256","supportedAlgorithms":["AES-GCM-256"]}""", "protocolVersion")]
    [InlineData("""{"protocolVersion":2,"curve":"P-256","supportedAlgorithms":["AES-GCM-256"]}""", "clientEphemeralPubKeyB64")]
    [InlineData("""{"protocolVersion":2,"clientEphemeralPubKeyB64":"AA","curve":"P-521","supportedAlgorithms":["AES-GCM-256"]}""", "curve")]
    [InlineData("""{"protocolVersion":2,"clientEphemeralPubKeyB64":"AA","curve":"P-256","supportedAlgorithms":[]}""", "supportedAlgorithms")]
    public void A_clients_hello_that_is_wrong_is_refused_with_the_member(string json, string path)
    {
        Assert.False(ClientHello.TryRead(JsonElement.Parse(json), out _, out string? problem));
        Assert.StartsWith($"{path}: ", problem, StringComparison.Ordinal);
        Assert.False(ClientHello.TryRead(JsonElement.Parse("[]"), out _, out _));
    }

    [Theory]
    [InlineData("P-256", "AES-GCM-256", "HKDF-SHA-256", "", "keyId")]
    [InlineData("P-256", "AES-GCM-256", "HKDF-SHA-512", "k", "kdf")]
    [InlineData("P-256", "AES-GCM-128", "HKDF-SHA-256", "k", "selectedAlgorithm")]
    [InlineData("P-384", "AES-GCM-256", "HKDF-SHA-256", "k", "curve")]
    public void A_servers_hello_that_is_wrong_is_refused_with_the_member(string curve, string selectedAlgorithm, string kdf, string keyId, string path)
    {
        JsonElement hello = JsonSerializer.SerializeToElement(
            new { protocolVersion = 2, serverEphemeralPubKeyB64 = "AA", curve, selectedAlgorithm, kdf, keyId });
        Assert.False(ServerHello.TryRead(hello, out _, out string? problem));
        Assert.StartsWith($"{path}: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"mode":"disabled"}""", EncryptionMode.Disabled)]
    [InlineData("""{"mode":"optional"}""", EncryptionMode.Optional)]
    public void A_request_may_have_no_hello(string json, EncryptionMode mode)
    {
        Assert.True(EncryptionRequest.TryRead(JsonElement.Parse(json), out EncryptionRequest? request, out string? problem), problem);
        Assert.Equal(new EncryptionRequest(mode), request);
        Assert.Equal(json, request.ToJson().GetRawText());
    }
}
