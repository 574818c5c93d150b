using Enclave.Protocol.Tests.NpmInterop;
using Enclave.Protocol.Tests.Values;
using Enclave.Protocol.Values;
using Enclave.Tests;

namespace Enclave.Protocol.Tests.LibraryInterop;

/// <summary>MessagePack for C# reads what we write, and we read what it writes: docs/adr/0023-our-own-codec-of-messagepack.md.</summary>
public sealed class LibraryTests
{
    [Fact]
    public void Both_write_the_same_bytes_and_read_the_same_values()
    {
        int compared = 0;
        foreach (ScriptValue value in ValueGenerator.Many(4321, TestSize.Of(10_000, 200_000)).Where(LibraryPeer.Has))
        {
            byte[] bytes = ScriptValueCodec.Encode(value);
            Assert.Equal(Convert.ToHexString(LibraryPeer.Write(value)), Convert.ToHexString(bytes));
            Assert.Equal(Description.Of(value), Description.Of(LibraryPeer.Read(bytes)));
            compared++;
        }

        Assert.True(compared > TestSize.Of(5_000, 100_000), $"{compared} values");
    }

    [Fact]
    public void Every_format_at_both_edges_is_read_alike()
    {
        int compared = 0;
        foreach (byte[] frame in FormatEdges.All())
        {
            ScriptValue ours = ScriptValueCodec.Decode(new(frame), ValueLimits.Widest);
            if (!LibraryPeer.Has(ours)) continue;
            Assert.Equal(Description.Of(ours), Description.Of(LibraryPeer.Read(frame)));
            compared++;
        }

        Assert.True(compared > 200, $"{compared} frames");
    }
}
