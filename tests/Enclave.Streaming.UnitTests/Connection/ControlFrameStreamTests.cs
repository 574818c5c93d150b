using Enclave.Streaming.Channels;

namespace Enclave.Streaming.Tests.Connection;

/// <summary>Control frames are counted, whatever pieces their bytes come in, and bytes of other frames are none.</summary>
public sealed class ControlFrameStreamTests
{
    private static readonly byte[] s_ping = [0x89, 0x80, 0, 0, 0, 0], s_pongWithPayload = [0x8A, 3, 0x89, 0x89, 0x89];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task As_many_pass_as_are_allowed_and_one_more_does_not(int piece)
    {
        byte[] text = [0x81, 0x80 | 126, 1, 0, 0, 0, 0, 0, .. Enumerable.Repeat((byte)0x89, 256)];
        byte[] large = [0x02, 127, 0, 0, 0, 0, 0, 1, 0, 0, .. Enumerable.Repeat((byte)0x8A, 1 << 16)];
        byte[] allowed = [.. text, .. s_ping, .. large, .. s_pongWithPayload, .. text, .. s_ping];

        Assert.Equal(allowed, await ReadAsync(allowed, piece, 3));

        await Assert.ThrowsAsync<IOException>(() => ReadAsync([.. allowed, .. s_ping], piece, 3));
    }

    [Fact]
    public async Task The_head_of_a_response_comes_before_the_frames()
    {
        byte[] head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"u8.ToArray();

        Assert.Equal(head.Length + 6, (await ReadAsync([.. head, .. s_ping], 5, 1, isAfterHead: false)).Length);
        await Assert.ThrowsAsync<IOException>(() => ReadAsync([.. head, .. s_ping, .. s_ping], 5, 1, isAfterHead: false));
    }

    private static async Task<byte[]> ReadAsync(byte[] bytes, int piece, int allowed, bool isAfterHead = true)
    {
        using var inner = new MemoryStream(bytes);
        await using var counted = new ControlFrameStream(inner, allowed, isAfterHead, new Standing());
        var read = new List<byte>();
        byte[] buffer = new byte[piece];
        while (await counted.ReadAsync(buffer) is > 0 and int length) read.AddRange(buffer[..length]);
        return [.. read];
    }

    /// <summary>A clock that stands still: no frame is forgiven meanwhile.</summary>
    private sealed class Standing : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
