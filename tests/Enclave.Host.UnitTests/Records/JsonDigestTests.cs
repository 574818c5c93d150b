using System.Security.Cryptography;
using Enclave.Audit;
using Enclave.Protocol;
using Enclave.Protocol.Tests.Values;
using Enclave.Protocol.Values;
using Enclave.Tests;

namespace Enclave.Host.Tests.Records;

/// <summary>The digest of arguments, compared with the digest of their whole JSON.</summary>
public sealed class JsonDigestTests
{
    [Fact]
    public void It_is_that_of_the_json()
    {
        IEnumerable<ScriptValue> longer =
        [
            ScriptValue.OfString(string.Concat(Enumerable.Repeat("a\"ä😀\n", 20_000))),
            // The halves of a surrogate pair are in two pieces.
            ScriptValue.OfString("x" + string.Concat(Enumerable.Repeat("😀", 40_000))),
            ScriptValue.OfString(new string('y', 100_000) + '\ud800'),
            ScriptValue.OfBytes([.. Enumerable.Range(0, 100_001).Select((i) => (byte)i)]),
        ];
        foreach (ScriptValue value in ValueGenerator.Many(seed: 5, TestSize.Of(300, full: 10_000)).Concat(longer))
        {
            // As one of the framework's own writers writes it.
            byte[] json = System.Text.Encoding.UTF8.GetBytes(value.ToJsonString());
            using var digest = new JsonDigest(json.Length);
            using var shorter = new JsonDigest(json.Length - 1);
            JsonExport.WriteUtf8(digest, value);
            JsonExport.WriteUtf8(shorter, value);

            Assert.Equal((json.Length, Convert.ToHexString(SHA256.HashData(json))), ((int)digest.Length, Convert.ToHexString(digest.Sha256)));
            Assert.Equal(json, digest.Whole);
            Assert.Null(shorter.Whole);
            Assert.Equal(Convert.ToHexString(digest.Sha256), Convert.ToHexString(shorter.Sha256));
        }
    }

    [Fact]
    public void Long_texts_are_written_as_the_frameworks_serializer_does()
    {
        string text = "x" + string.Concat(Enumerable.Repeat("😀ä\"\\\u0001", 30_000));
        var options = new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        byte[] bytes = [.. Enumerable.Range(0, 100_001).Select((i) => (byte)(i * 7))];

        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(text, options), ScriptValue.OfString(text).ToJsonString());
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(bytes, options), ScriptValue.OfBytes(bytes).ToJsonString());
    }

    [Fact]
    public void Long_arguments_take_no_memory_of_their_length()
    {
        ScriptValue value = ScriptValue.OfArray([ScriptValue.OfString(new string('\u0001', 4_000_000)), ScriptValue.OfBytes(new byte[4_000_000])]);
        Digest(value);
        long before = GC.GetAllocatedBytesForCurrentThread();

        // 24 MB of escapes, and 5.3 MB of base64.
        Assert.Equal(29_333_343, Digest(value));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        static long Digest(ScriptValue value)
        {
            using var digest = new JsonDigest(4096);
            JsonExport.WriteUtf8(digest, value);
            return digest.Length;
        }
    }
}
