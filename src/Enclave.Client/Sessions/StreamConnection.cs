using System.Net.Http.Headers;
using Enclave.Client.Http;
using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>Reads a session's events from one connection after another.</summary>
internal sealed class StreamConnection(
    BrokerConnection broker, EnclaveClientOptions options, SessionJournal journal, SessionEventFeed? feed, SealedEvents? opener)
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>Sends the request, reads the stream to its end, and returns how it ended. Throws only if stopped.</summary>
    /// <param name="address">The address.</param>
    /// <param name="body">The body that starts a session; null to read an existing one.</param>
    /// <param name="answered">Called when the broker begins a stream.</param>
    /// <param name="stop">Stops it.</param>
    public async Task<ConnectionEnd> RunAsync(Uri address, byte[]? body, Action answered, CancellationToken stop)
    {
        using var silence = new IdleTimer(options.TimeProvider, options.HeartbeatTimeout, stop);
        bool hasAnswer = false;
        try
        {
            using HttpResponseMessage response = await broker.SendAsync(
                body is null ? HttpMethod.Get : HttpMethod.Post, address, body, StreamProtocol.MediaType, silence.Token).ConfigureAwait(false);
            hasAnswer = true;
            if (!response.IsSuccessStatusCode) return await RefusedAsync(response, silence.Token).ConfigureAwait(false);
            if (Encoded(response.Content.Headers) is { } encoding) return Unusable($"The stream is encoded as {encoding}");
            if (response.Headers.TryGetValues("X-Session-ID", out IEnumerable<string>? names)) journal.Rename(names.FirstOrDefault());
            answered();
            Stream lines = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            await using (lines.ConfigureAwait(false)) return await ReadAsync(lines, silence).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return silence.Fired
                ? new ConnectionEnd(ConnectionEndKind.Silent, $"no event for {options.HeartbeatTimeout.TotalSeconds:0.###} s")
                : Lost("The broker did not answer", hasAnswer);
        }
        catch (HttpRequestException failed) when (!stop.IsCancellationRequested)
        {
            bool left = failed.HttpRequestError is not (HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            return left || body is null ? Lost(failed.Message, hasAnswer) : new ConnectionEnd(ConnectionEndKind.Unreachable, failed.Message);
        }
        catch (IOException broken) when (!stop.IsCancellationRequested)
        {
            return Lost(broken.Message, hasAnswer);
        }
    }

    private async Task<ConnectionEnd> ReadAsync(Stream lines, IdleTimer silence)
    {
        var parser = new NdjsonParser(EventTolerance.Peers, options.MaxLineBytes);
        byte[] piece = new byte[PieceBytes];
        long waiting = 0;
        while (await lines.ReadAsync(piece, silence.Token).ConfigureAwait(false) is > 0 and int length)
        {
            ReadOnlyMemory<byte> rest = piece.AsMemory(0, length);
            int before = rest.Length;
            while (parser.TryRead(ref rest, out NdjsonLine line))
            {
                if (await TakeAsync(line, waiting + before - rest.Length, silence).ConfigureAwait(false) is { } end) return end;
                waiting = 0;
                before = rest.Length;
            }

            waiting += before;
        }

        ConnectionEnd? last = parser.TryEnd(out NdjsonLine unended) ? await TakeAsync(unended, waiting, silence).ConfigureAwait(false) : null;
        return last ?? new ConnectionEnd(ConnectionEndKind.Ended, "The stream ended without a final event");
    }

    /// <summary>Handles a line. Returns the end of the connection if this line ends it, otherwise null.</summary>
    private async ValueTask<ConnectionEnd?> TakeAsync(NdjsonLine line, long bytes, IdleTimer silence)
    {
        if (line.Problem is { } problem)
        {
            // Lines that are not events are skipped. A line that is too long may be the last event, and would be too long again.
            return problem.Error.StartsWith("Line too long", StringComparison.Ordinal)
                ? Unusable($"A line of the stream is longer than {options.MaxLineBytes} bytes")
                : null;
        }

        silence.Restart();
        SessionEvent? opened = line.Event;
        if (opener is { IsSealed: true } && opened!.Seq < journal.Next) return null;
        if (opener?.Open(line.Event!, out opened) is { } unusable) return unusable;
        if (!journal.TryTake(opened!, bytes)) return null;
        if (feed is not null) await FeedAsync(feed, opened!, bytes, silence).ConfigureAwait(false);
        return opened!.Payload is Final final ? new ConnectionEnd(ConnectionEndKind.Final, "") { Final = final } : null;
    }

    private static async ValueTask FeedAsync(SessionEventFeed feed, SessionEvent taken, long bytes, IdleTimer silence)
    {
        // While the reader is slow, the missing events are not the broker's fault.
        bool waits = feed.IsFull;
        if (waits) silence.Pause();
        await feed.WriteAsync(taken, bytes, silence.Token).ConfigureAwait(false);
        if (waits) silence.Restart();
    }

    private async Task<ConnectionEnd> RefusedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        int status = (int)response.StatusCode;
        string body;
        try
        {
            body = await BoundedBody.ReadStartAsync(response.Content, cancellation).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            body = "";
        }

        return new ConnectionEnd(ConnectionEndKind.Refused, $"the broker answered {status}")
        {
            Refusal = new BrokerResponse(status, body, broker.RetryAfter(response)),
        };
    }

    private static ConnectionEnd Lost(string message, bool hasAnswer) => new(hasAnswer ? ConnectionEndKind.Broken : ConnectionEndKind.Unanswered, message);

    private static ConnectionEnd Unusable(string message) => new(ConnectionEndKind.Unusable, message) { Code = ClientErrorCodes.ParseError };

    private static string? Encoded(HttpContentHeaders headers) =>
        headers.ContentEncoding.FirstOrDefault((encoding) => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase));
}
