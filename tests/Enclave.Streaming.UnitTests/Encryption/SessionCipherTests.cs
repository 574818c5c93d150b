using System.Security.Cryptography;
using Enclave.Streaming.Encryption;

namespace Enclave.Streaming.Tests.Encryption;

public sealed class SessionCipherTests : IDisposable
{
    private static readonly byte[] s_key = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] s_prefix = RandomNumberGenerator.GetBytes(8);

    private readonly SessionCipher _writer = new(s_key, "k_1");
    private readonly SessionCipher _reader = new(s_key, "k_1");

    [Fact]
    public void Nothing_of_a_message_can_be_changed()
    {
        Encrypted message = _writer.Encrypt("what was said"u8);
        byte[] nonce = Convert.FromBase64String(message.NonceB64), ciphertext = Convert.FromBase64String(message.CiphertextB64);
        for (int at = 0; at < nonce.Length; at++) Refused(message with { NonceB64 = Changed(nonce, at) });
        for (int at = 0; at < ciphertext.Length; at++) Refused(message with { CiphertextB64 = Changed(ciphertext, at) });
        for (int length = 0; length < ciphertext.Length; length++) Refused(message with { CiphertextB64 = Convert.ToBase64String(ciphertext[..length]) });
        Refused(message with { CiphertextB64 = Convert.ToBase64String([.. ciphertext, 0]) });
        Refused(message with { TagB64 = "AAAA" });
        Refused(message with { NonceB64 = "!" });
        Refused(message with { CiphertextB64 = "!" });
        Refused(message with { TagB64 = "!" });
        Refused(message with { KeyId = "k_2" });
        // After all these attempts the true message is still accepted.
        Assert.Equal("what was said"u8, _reader.Decrypt(message));
    }

    [Fact]
    public void A_message_counts_once_and_in_its_order()
    {
        Encrypted[] messages = [.. Enumerable.Range(0, 4).Select((_) => _writer.Encrypt("x"u8))];
        _reader.Decrypt(messages[0]);
        _reader.Decrypt(messages[2]);
        foreach (int late in new[] { 0, 1, 2 })
            Assert.Equal(EncryptionCodes.NonceReuse, Assert.Throws<EncryptionException>(() => _reader.Decrypt(messages[late])).Code);
        _reader.Decrypt(messages[3]);
    }

    [Fact]
    public void A_second_sender_with_the_same_key_is_told_from_the_first()
    {
        _reader.Decrypt(_writer.Encrypt("x"u8));
        using var second = new SessionCipher(s_key, "k_1", [.. s_prefix], 5);
        Refused(second.Encrypt("x"u8));
    }

    [Fact]
    public void Nonces_never_repeat()
    {
        var nonces = new HashSet<string>();
        for (int round = 0; round < 5_000; round++) Assert.True(nonces.Add(_writer.Encrypt([]).NonceB64));
        using var other = new SessionCipher(s_key, "k_1");
        Assert.True(nonces.Add(other.Encrypt([]).NonceB64));
        Assert.Equal(5_000, _writer.Messages);
    }

    [Fact]
    public void A_key_ends_after_its_last_message()
    {
        using var writer = new SessionCipher(s_key, "k_1", s_prefix, SessionCipher.MaxMessages - 1);
        Assert.Equal("last"u8, _reader.Decrypt(writer.Encrypt("last"u8)));
        Assert.Equal(EncryptionCodes.KeyExpired, Assert.Throws<EncryptionException>(() => writer.Encrypt("one more"u8)).Code);
        Assert.Equal(SessionCipher.MaxMessages, writer.Messages);
    }

    [Fact]
    public void A_message_above_the_last_is_refused_before_it_is_decrypted()
    {
        byte[] nonce = new byte[12];
        MessageNonce.Write(s_prefix, SessionCipher.MaxMessages, nonce);
        using var cipher = new AesGcm(s_key, 16);
        byte[] output = new byte[17];
        cipher.Encrypt(nonce, "x"u8, output.AsSpan(0, 1), output.AsSpan(1));
        var message = new Encrypted("k_1", Convert.ToBase64String(nonce), Convert.ToBase64String(output));
        Assert.Equal(EncryptionCodes.KeyExpired, Assert.Throws<EncryptionException>(() => _reader.Decrypt(message)).Code);
    }

    [Fact]
    public void A_tag_apart_is_read()
    {
        Encrypted message = _writer.Encrypt("x"u8);
        byte[] output = Convert.FromBase64String(message.CiphertextB64);
        Assert.Equal("x"u8, _reader.Decrypt(
            message with { CiphertextB64 = Convert.ToBase64String(output[..1]), TagB64 = Convert.ToBase64String(output[1..]) }));
    }

    [Fact]
    public void Events_are_sealed_and_opened()
    {
        var sent = new SessionEvent("s_1", 3, new Stdout("😀\n")) { ProtocolVersion = 1 };
        SessionEvent sealedEvent = _writer.Seal(sent);
        Assert.Equal(("s_1", 3L, "enc", 1), (sealedEvent.SessionId, sealedEvent.Seq, sealedEvent.Type, sealedEvent.ProtocolVersion));
        Assert.DoesNotContain("stdout", sealedEvent.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(sent, _reader.Open(sealedEvent, EventTolerance.Exact));
    }

    [Fact]
    public void An_event_cannot_be_given_another_place()
    {
        var sent = new SessionEvent("s_1", 3, new Stdout("x"));
        NotOpened(_writer.Seal(sent) with { Seq = 4 });
        NotOpened(_writer.Seal(sent) with { SessionId = "s_2" });
        NotOpened(sent);
        NotOpened(_writer.Seal(_writer.Seal(sent)));
        NotOpened(new SessionEvent("s_1", 3, _writer.Encrypt("{}"u8)));
        NotOpened(new SessionEvent("s_1", 3, _writer.Encrypt("garbage"u8)));
    }

    [Fact]
    public void A_disposed_cipher_does_nothing_more()
    {
        Encrypted message = _writer.Encrypt("x"u8);
        _writer.Dispose();
        _writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _writer.Encrypt("x"u8));
        _reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _reader.Decrypt(message));
    }

    [Fact]
    public void Threads_share_a_cipher()
    {
        var nonces = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        Parallel.For(0, 2_000, (_) => Assert.True(nonces.TryAdd(_writer.Encrypt("x"u8).NonceB64, true)));
        Assert.Equal(2_000, _writer.Messages);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
    }

    private void Refused(Encrypted message) => Assert.Equal(EncryptionCodes.DecryptionFailed, Assert.Throws<EncryptionException>(() => Reader(message)).Code);

    // A changed counter may also be above the last message, which has another code.
    private byte[] Reader(Encrypted message)
    {
        try
        {
            return _reader.Decrypt(message);
        }
        catch (EncryptionException error) when (error.Code == EncryptionCodes.KeyExpired)
        {
            throw new EncryptionException(EncryptionCodes.DecryptionFailed, error.Message);
        }
    }

    private void NotOpened(SessionEvent received) =>
        Assert.Equal(EncryptionCodes.DecryptionFailed, Assert.Throws<EncryptionException>(() => _reader.Open(received, EventTolerance.Exact)).Code);

    private static string Changed(byte[] bytes, int at)
    {
        byte[] changed = [.. bytes];
        changed[at] ^= 0x40;
        return Convert.ToBase64String(changed);
    }
}
