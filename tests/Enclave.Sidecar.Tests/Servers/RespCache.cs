using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;

namespace Enclave.Sidecar.Tests.Servers;

/// <summary>The minimal Redis cache that the contract needs, in Redis's own protocol (RESP), with a connection per command.</summary>
internal sealed class RespCache(string socket) : IDistributedCache
{
    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => CommandAsync(token, Text("GET"), Text(key));

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        CommandAsync(token, Text("SET"), Text(key), value, Text("PX"), Text(
            options.AbsoluteExpirationRelativeToNow!.Value.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)));

    public Task RemoveAsync(string key, CancellationToken token = default) => CommandAsync(token, Text("DEL"), Text(key));

    public byte[]? Get(string key) => throw new NotSupportedException();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public void Refresh(string key) => throw new NotSupportedException();

    public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    private async Task<byte[]?> CommandAsync(CancellationToken token, params byte[][] words)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token);
        await using var stream = new BufferedStream(new NetworkStream(connection));
        await stream.WriteAsync(Text($"*{words.Length}\r\n"), token);
        foreach (byte[] word in words)
        {
            await stream.WriteAsync(Text($"${word.Length}\r\n"), token);
            await stream.WriteAsync(word, token);
            await stream.WriteAsync(Text("\r\n"), token);
        }

        await stream.FlushAsync(token);
        string reply = await LineAsync(stream, token);
        if (reply[0] == '-') throw new IOException($"redis: {reply[1..]}");
        if (reply[0] != '$' || reply == "$-1") return null;
        byte[] body = new byte[int.Parse(reply[1..], CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, token);
        return body;
    }

    private static async Task<string> LineAsync(Stream stream, CancellationToken token)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (line.Length < 2 || line[^1] != '\n')
        {
            await stream.ReadExactlyAsync(one, token);
            line.Append((char)one[0]);
        }

        return line.ToString(0, line.Length - 2);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
