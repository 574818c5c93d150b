using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Enclave.Cluster.Links;

/// <summary>One connection over a link, in both directions.</summary>
internal sealed class LinkConnection(Link link, Socket client) : IDisposable
{
    private const int PieceBytes = 16 << 10;

    /// <summary>Maximum number of delayed pieces in one direction: 1 MB.</summary>
    private const int MaxPieces = 64;

    private readonly CancellationTokenSource _end = new();

    /// <summary>Resets the connection, as when a wire is cut.</summary>
    public void Reset()
    {
        Break(client);
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    public void Dispose()
    {
        Break(client);
        _end.Dispose();
    }

    /// <summary>Forwards data until one side ends or the connection is reset.</summary>
    public async Task PassAsync(EndPoint server)
    {
        using var upstream = new Socket(
            server.AddressFamily, SocketType.Stream, server.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            await link.FlowsAsync(_end.Token).ConfigureAwait(false);
            await upstream.ConnectAsync(server, _end.Token).ConfigureAwait(false);
            if (server.AddressFamily != AddressFamily.Unix) upstream.NoDelay = true;
            client.NoDelay = true;
            Task first = await Task.WhenAny(PassAsync(client, upstream, link.ToServer), PassAsync(upstream, client, link.FromServer)).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            // Both protocols close a connection in both directions at once.
            client.Dispose();
            upstream.Dispose();
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Break(client);
            Break(upstream);
        }

        await _end.CancelAsync().ConfigureAwait(false);
    }

    private async Task PassAsync(Socket from, Socket to, LinkThrottle pace)
    {
        var pieces = Channel.CreateBounded<(byte[] Bytes, long Read)>(MaxPieces);
        Task reading = ReadAsync(from, pieces.Writer);
        await foreach ((byte[] bytes, long read) in pieces.Reader.ReadAllAsync(_end.Token).ConfigureAwait(false))
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                await link.FlowsAsync(_end.Token).ConfigureAwait(false);
                LinkSettings settings = link.Settings;
                TimeSpan early = settings.Delay - Stopwatch.GetElapsedTime(read);
                if (early > TimeSpan.Zero) await Task.Delay(early, _end.Token).ConfigureAwait(false);
                int count = LinkThrottle.Piece(bytes.Length - sent, settings.BytesPerSecond);
                await pace.PassAsync(count, settings.BytesPerSecond, _end.Token).ConfigureAwait(false);
                sent += await to.SendAsync(bytes.AsMemory(sent, count), _end.Token).ConfigureAwait(false);
            }
        }

        await reading.ConfigureAwait(false);
    }

    private async Task ReadAsync(Socket from, ChannelWriter<(byte[] Bytes, long Read)> pieces)
    {
        byte[] buffer = new byte[PieceBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token).ConfigureAwait(false) is var count && count > 0)
            {
                await pieces.WriteAsync((buffer[..count], Stopwatch.GetTimestamp()), _end.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            pieces.TryComplete();
        }
    }

    private static void Break(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return;
        }

        socket.Dispose();
    }
}
