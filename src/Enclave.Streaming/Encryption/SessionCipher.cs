using System.Security.Cryptography;
using System.Text;
using Enclave.Streaming.Encryption;

namespace Enclave.Streaming;

/// <summary>One direction of an encrypted session: encrypts at one end, decrypts at the other. Thread-safe.</summary>
/// <remarks>
/// A reader accepts messages in the order of their encryption, each once; gaps are allowed. To read a stream again, skip the numbers already read before
/// decrypting. A message that cannot be decrypted has no effect: the next one can be.
/// </remarks>
public sealed class SessionCipher : IDisposable
{
    /// <summary>Maximum number of messages of one key: 2^30.</summary>
    public const long MaxMessages = 1L << 30;

    private const int TagBytes = 16;

    private readonly AesGcm _cipher;
    private readonly Lock _lock = new();
    private readonly byte[] _prefix;
    private byte[]? _peerPrefix;
    private long _nextOutgoing;
    private long _nextIncoming;

    internal SessionCipher(ReadOnlySpan<byte> key, string keyId)
        : this(key, keyId, RandomNumberGenerator.GetBytes(MessageNonce.PrefixBytes), 0)
    {
    }

    internal SessionCipher(ReadOnlySpan<byte> key, string keyId, byte[] prefix, long firstMessage)
    {
        // The cryptographic library clears the cipher's own copy of the key when it is disposed.
        _cipher = new AesGcm(key, TagBytes);
        _prefix = prefix;
        _nextOutgoing = firstMessage;
        KeyId = keyId;
    }

    /// <summary>The id of the key.</summary>
    public string KeyId { get; }

    /// <summary>Number of messages that this key has encrypted here. Range: 0 to <see cref="MaxMessages"/>.</summary>
    public long Messages
    {
        get
        {
            lock (_lock) return _nextOutgoing;
        }
    }

    /// <summary>Encrypts a message.</summary>
    /// <exception cref="EncryptionException">The key has encrypted <see cref="MaxMessages"/> messages.</exception>
    /// <exception cref="ObjectDisposedException">The key was cleared.</exception>
    public Encrypted Encrypt(ReadOnlySpan<byte> plaintext)
    {
        byte[] nonce = new byte[MessageNonce.Bytes];
        byte[] output = new byte[plaintext.Length + TagBytes];
        lock (_lock)
        {
            if (_nextOutgoing >= MaxMessages) throw new EncryptionException(EncryptionCodes.KeyExpired, $"a key encrypts at most {MaxMessages} messages");
            MessageNonce.Write(_prefix, (ulong)_nextOutgoing++, nonce);
            _cipher.Encrypt(nonce, plaintext, output.AsSpan(0, plaintext.Length), output.AsSpan(plaintext.Length));
        }

        return new Encrypted(KeyId, Convert.ToBase64String(nonce), Convert.ToBase64String(output));
    }

    /// <summary>Decrypts a message.</summary>
    /// <exception cref="EncryptionException">The message was changed, is for another key, is a repeat, or is invalid.</exception>
    /// <exception cref="ObjectDisposedException">The key was cleared.</exception>
    public byte[] Decrypt(Encrypted message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.KeyId != KeyId) throw Failed("the message is for another key");
        byte[] nonce = Bytes(message.NonceB64);
        if (nonce.Length != MessageNonce.Bytes) throw Failed($"a nonce must have {MessageNonce.Bytes} bytes, not {nonce.Length}");
        byte[] input = Bytes(message.CiphertextB64);
        // Some senders send the tag separately.
        if (message.TagB64 is not null) input = [.. input, .. Bytes(message.TagB64)];
        if (input.Length < TagBytes) throw Failed($"a message must have at least {TagBytes} bytes");
        byte[] plaintext = new byte[input.Length - TagBytes];
        lock (_lock)
        {
            long counter = Admit(nonce);
            try
            {
                _cipher.Decrypt(nonce, input.AsSpan(0, plaintext.Length), input.AsSpan(plaintext.Length), plaintext);
            }
            catch (AuthenticationTagMismatchException error)
            {
                throw new EncryptionException(EncryptionCodes.DecryptionFailed, "the message was changed, or is for another key", error);
            }

            // Only an authentic message advances the counter: a forged one cannot lock out the true ones.
            _nextIncoming = counter + 1;
            _peerPrefix ??= nonce[..MessageNonce.PrefixBytes];
        }

        return plaintext;
    }

    /// <summary>Encrypts an event as an <c>enc</c> event.</summary>
    /// <exception cref="EncryptionException">The key has encrypted <see cref="MaxMessages"/> messages.</exception>
    public SessionEvent Seal(SessionEvent sent)
    {
        ArgumentNullException.ThrowIfNull(sent);
        return sent with { Payload = Encrypt(Encoding.UTF8.GetBytes(sent.ToJsonString())) };
    }

    /// <summary>Decrypts the event inside an <c>enc</c> event.</summary>
    /// <param name="received">The received event. Its session and number must equal those of the authenticated event inside.</param>
    /// <param name="tolerance">The tolerance for the event inside.</param>
    /// <exception cref="EncryptionException">It cannot be decrypted, or there is no valid event inside.</exception>
    public SessionEvent Open(SessionEvent received, EventTolerance tolerance)
    {
        ArgumentNullException.ThrowIfNull(received);
        if (received.Payload is not Encrypted message) throw Failed("the event is not encrypted");
        if (!EventReader.TryRead(Decrypt(message), tolerance, out SessionEvent? inner, out string? problem))
            throw Failed($"the message is not an event: {problem}");
        if (inner.Payload is Encrypted) throw Failed("the event is encrypted twice");
        return inner.SessionId == received.SessionId && inner.Seq == received.Seq ? inner : throw Failed("the message belongs to another event");
    }

    /// <summary>Clears the key.</summary>
    public void Dispose()
    {
        lock (_lock) _cipher.Dispose();
    }

    /// <summary>Returns the message's number if it can be the next one.</summary>
    private long Admit(ReadOnlySpan<byte> nonce)
    {
        long counter = MessageNonce.Counter(nonce);
        if (_peerPrefix is not null && !nonce.StartsWith(_peerPrefix)) throw Failed("the fixed part of the nonce differs from before");
        if (counter >= MaxMessages) throw new EncryptionException(EncryptionCodes.KeyExpired, $"a key encrypts at most {MaxMessages} messages");
        if (counter < _nextIncoming) throw new EncryptionException(EncryptionCodes.NonceReuse, $"message {counter} came twice, or after a later one");
        return counter;
    }

    private static byte[] Bytes(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException error)
        {
            throw new EncryptionException(EncryptionCodes.DecryptionFailed, "the message is not base64", error);
        }
    }

    private static EncryptionException Failed(string message) => new(EncryptionCodes.DecryptionFailed, message);
}
