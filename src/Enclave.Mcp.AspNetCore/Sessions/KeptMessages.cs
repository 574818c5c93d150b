using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Enclave.Limits;
using Enclave.Mcp.Transports;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.AspNetCore.Sessions;

/// <summary>
/// Keeps the messages of one session for clients that come back with <c>Last-Event-ID</c>. Each session has its own: an id of another session finds nothing.
/// </summary>
internal sealed class KeptMessages(string session, string payer, int mostBytes, ByteBudget all, TimeProvider clock) : ISseEventStreamStore
{
    /// <summary>The memory of an event beside its message.</summary>
    private const int Overhead = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, KeptStream> _streams = [];
    private readonly Queue<KeptEvent> _order = [];
    private long _nextStream, _nextEvent, _bytes;
    private bool _hasEnded;

    public ValueTask<ISseEventStreamWriter> CreateStreamAsync(SseEventStreamOptions options, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var stream = new KeptStream(_nextStream++.ToString(CultureInfo.InvariantCulture), options.StreamId) { Mode = options.Mode };
            _streams.Add(_nextStream - 1, stream);
            return ValueTask.FromResult<ISseEventStreamWriter>(new Writer(this, stream));
        }
    }

    public ValueTask<ISseEventStreamReader?> GetStreamReaderAsync(string lastEventId, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            bool isKnown = TryRead(lastEventId, out long stream, out long number) && _streams.ContainsKey(stream) && number < _nextEvent;
            return ValueTask.FromResult<ISseEventStreamReader?>(
                isKnown && _streams[stream] is var found && number >= found.Dropped ? new Reader(this, found, session, number) : null);
        }
    }

    /// <summary>Ends the streams of a request that was cancelled. Clients that come back for them find nothing.</summary>
    public void Abandon(string request)
    {
        lock (_gate)
        {
            foreach ((long number, KeptStream stream) in _streams.Where((entry) => !entry.Value.HasEnded && entry.Value.Request == request).ToArray())
            {
                stream.End();
                // The events of the stream are removed when they expire.
                _streams.Remove(number);
            }
        }
    }

    /// <summary>Drops the events that are older than the given age.</summary>
    public void Forget(TimeSpan age)
    {
        lock (_gate)
        {
            while (_order.TryPeek(out KeptEvent? oldest) && clock.GetElapsedTime(oldest.At) >= age) DropOldest_NeedsLock();
        }
    }

    /// <summary>Drops everything, and ends all readers.</summary>
    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            foreach (KeptStream stream in _streams.Values) stream.End();
            while (_order.Count > 0) DropOldest_NeedsLock();
            _streams.Clear();
        }
    }

    /// <summary>Reads an event's id: the stream's number, a dash, the event's number.</summary>
    private static bool TryRead(string id, out long stream, out long number)
    {
        int dash = id.IndexOf('-', StringComparison.Ordinal);
        number = 0;
        return long.TryParse(dash < 0 ? id : id.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out stream)
            && dash > 0 && long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private SseItem<JsonRpcMessage?> Write(KeptStream stream, SseItem<JsonRpcMessage?> item)
    {
        if (item.EventId is not null) return item;
        int bytes = Overhead + (item.Data is null ? 0 : JsonSerializer.SerializeToUtf8Bytes(item.Data, McpContracts.Of<JsonRpcMessage>()).Length);
        lock (_gate)
        {
            long number = _nextEvent++;
            var named = new SseItem<JsonRpcMessage?>(item.Data, item.EventType)
            {
                EventId = string.Create(CultureInfo.InvariantCulture, $"{stream.Id}-{number}"),
                ReconnectionInterval = item.ReconnectionInterval,
            };
            var kept = new KeptEvent(number, named, bytes, clock.GetTimestamp(), stream);
            if (MakeRoom_NeedsLock(bytes))
            {
                stream.Events.Add(kept);
                _order.Enqueue(kept);
                _bytes += bytes;
            }
            else
            {
                stream.Drop(kept);
            }

            stream.Signal();
            return named;
        }
    }

    private bool MakeRoom_NeedsLock(int bytes)
    {
        if (_hasEnded || bytes > mostBytes) return false;
        while (_bytes + bytes > mostBytes) DropOldest_NeedsLock();
        while (!all.TryTake(payer, bytes))
        {
            if (_order.Count == 0) return false;
            DropOldest_NeedsLock();
        }

        return true;
    }

    private void DropOldest_NeedsLock()
    {
        KeptEvent oldest = _order.Dequeue();
        _bytes -= oldest.Bytes;
        all.Give(payer, oldest.Bytes);
        oldest.Stream.Drop(oldest);
        RemoveEmpty_NeedsLock(oldest.Stream);
    }

    private void RemoveEmpty_NeedsLock(KeptStream stream)
    {
        if (stream is { HasEnded: true, Events.Count: 0 }) _streams.Remove(long.Parse(stream.Id, CultureInfo.InvariantCulture));
    }

    private void End(KeptStream stream)
    {
        lock (_gate)
        {
            stream.End();
            RemoveEmpty_NeedsLock(stream);
        }
    }

    private async IAsyncEnumerable<SseItem<JsonRpcMessage?>> ReadAsync(KeptStream stream, long after, [EnumeratorCancellation] CancellationToken token)
    {
        while (true)
        {
            KeptEvent[] news;
            bool isOver;
            Task changed;
            lock (_gate)
            {
                // An event between was dropped: the reader must not believe that it has them all.
                if (stream.Dropped > after) yield break;
                news = [.. stream.Events.Where((kept) => kept.Number > after)];
                isOver = stream.HasEnded || stream.Mode == SseEventStreamMode.Polling;
                changed = stream.Changed;
            }

            foreach (KeptEvent kept in news)
            {
                yield return kept.Item;
                after = kept.Number;
            }

            if (isOver) yield break;
            await changed.WaitAsync(token).ConfigureAwait(false);
        }
    }

    private sealed class Writer(KeptMessages events, KeptStream stream) : ISseEventStreamWriter
    {
        public ValueTask SetModeAsync(SseEventStreamMode mode, CancellationToken cancellationToken = default)
        {
            lock (events._gate) stream.Mode = mode;
            return ValueTask.CompletedTask;
        }

        public ValueTask<SseItem<JsonRpcMessage?>> WriteEventAsync(SseItem<JsonRpcMessage?> sseItem, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(events.Write(stream, sseItem));

        public ValueTask DisposeAsync()
        {
            events.End(stream);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Reader(KeptMessages events, KeptStream stream, string session, long after) : ISseEventStreamReader
    {
        public string SessionId => session;

        public string StreamId => stream.Id;

        public IAsyncEnumerable<SseItem<JsonRpcMessage?>> ReadEventsAsync(CancellationToken cancellationToken = default) =>
            events.ReadAsync(stream, after, cancellationToken);
    }
}
