using System.Buffers;
using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>The events of one session as lines, numbered from 1, for any number of readers. Encoded once; the oldest make room for new ones.</summary>
internal sealed class EventLines(string sessionId, long maxBytes)
{
    private const int MaxKeptBuffer = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly List<LoggedEvent> _kept = [];
    // What lies before it has made room, and is let go of when it is half of the list.
    private int _head;
    private ArrayBufferWriter<byte> _buffer = new();
    private TaskCompletionSource? _changed;
    private long _last;
    private bool _ended;

    /// <summary>Makes an event unreadable for others; null while the session is in clear. Its first event always is.</summary>
    public Func<SessionEvent, SessionEvent>? Seal { get; set; }

    /// <summary>Bytes that are held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the last event is there.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate) return _ended;
        }
    }

    /// <summary>Adds an event. After <see cref="Final"/> nothing is added, nor a change of the catalogue before <see cref="SessionInit"/>; false then.</summary>
    public bool Add(EventPayload payload)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            // Who has not begun finds the tools as they are by then.
            if (_ended || (_last == 0 && payload is CatalogChanged)) return false;
            var added = new SessionEvent(sessionId, ++_last, payload);
            byte[] plain = Encode(added), sent = Seal is not null && payload is not SessionInit ? Encode(Seal(added)) : plain;
            var logged = new LoggedEvent(_last, payload.Type, plain, sent);
            _kept.Add(logged);
            Bytes += logged.Bytes;
            // The newest stays, whatever its size: without the last event a reader waits for ever.
            while (Bytes > maxBytes && _kept.Count - _head > 1) Bytes -= _kept[_head++].Bytes;
            if (_head > _kept.Count / 2)
            {
                _kept.RemoveRange(0, _head);
                _head = 0;
            }

            _ended = payload is Final;
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
        return true;
    }

    /// <summary>The events from a number on; what to wait for when there are none yet. Neither after the last.</summary>
    /// <param name="from">The number of the first event wanted.</param>
    /// <param name="events">Gets them.</param>
    /// <param name="firstKept">The oldest event that is still there: above <paramref name="from"/> when events are lost.</param>
    public Task? Read(long from, List<LoggedEvent> events, out long firstKept)
    {
        lock (_gate)
        {
            firstKept = _last - (_kept.Count - _head) + 1;
            if (from <= _last)
            {
                int start = _head + (int)Math.Max(0, from - firstKept);
                events.AddRange(_kept[start..]);
                return null;
            }

            if (_ended) return null;
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }

    private byte[] Encode(SessionEvent encoded)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer, EventWriter.Options)) EventWriter.Write(writer, encoded);
        _buffer.Write("\n"u8);
        byte[] line = _buffer.WrittenSpan.ToArray();
        // A large line is seldom followed by another.
        if (_buffer.Capacity > MaxKeptBuffer) _buffer = new ArrayBufferWriter<byte>();
        return line;
    }
}
