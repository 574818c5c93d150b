using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Enclave.LoadBench.Http;

/// <summary>
/// A connection to a broker that runs one session after another. It does as little work as
/// possible, because it shares its cores with the measured processes.
/// </summary>
internal sealed class SessionConnection : IDisposable
{
    /// <summary>The last chunk of an answer. An event cannot contain it: its JSON has no line ends.</summary>
    private static readonly byte[] s_end = "\r\n0\r\n\r\n"u8.ToArray();

    private static readonly byte[] s_ok = "\"ok\":true"u8.ToArray();

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[][] _requests;
    private byte[] _answer = new byte[64 << 10];

    private SessionConnection(Uri broker, IEnumerable<string> codes) => _requests = [.. codes.Select((code) => Request(broker, code))];

    /// <summary>The number of bytes in both directions.</summary>
    public long Bytes { get; private set; }

    /// <param name="codes">The scripts that it can run.</param>
    public static async Task<SessionConnection> OpenAsync(Uri broker, IEnumerable<string> codes)
    {
        var connection = new SessionConnection(broker, codes);
        await connection._socket.ConnectAsync(IPAddress.Parse(broker.Host), broker.Port);
        return connection;
    }

    /// <summary>Runs one of the scripts and reads all its events.</summary>
    /// <exception cref="BenchException">The session did not succeed.</exception>
    public async Task RunAsync(int script)
    {
        using var time = new CancellationTokenSource(s_patience);
        await _socket.SendAsync(_requests[script], time.Token);
        int read = 0;
        while (true)
        {
            int count = await _socket.ReceiveAsync(_answer.AsMemory(read), time.Token);
            if (count == 0) throw new BenchException("the broker closed the connection");
            read += count;
            if (_answer.AsSpan(0, read).EndsWith(s_end)) break;
            if (read == _answer.Length) Array.Resize(ref _answer, _answer.Length * 2);
        }

        Bytes += _requests[script].Length + read;
        if (_answer.AsSpan(0, read).LastIndexOf(s_ok) < 0)
            throw new BenchException($"a session failed: {Encoding.UTF8.GetString(_answer, 0, Math.Min(read, 2000))}");
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Request(Uri broker, string code)
    {
        string body = JsonSerializer.Serialize(new { code });
        return Encoding.UTF8.GetBytes($"POST /sessions HTTP/1.1\r\nHost: {broker.Authority}\r\nContent-Type: application/json\r\nContent-Length: " +
            $"{Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }
}
