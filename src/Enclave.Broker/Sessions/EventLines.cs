using System.Buffers;
using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>The events of one session as encoded lines, numbered from 1, for any number of readers. The oldest are dropped when there are too many.</summary>
internal sealed class EventLines(string sessionId, long maxBytes)
{
    /// <summary>Bytes of events that a reader takes at once, unless a single event is larger: a slow reader holds them while it sends them.</summary>
    public const int PageBytes = 256 << 10;

    private const int MaxKeptBuffer = 64 * 1024, SealBytes = 1024;

    /// <summary>Memory that a kept event takes beside its bytes: the objects around them, and its place in the list.</summary>
    private const int EventOverhead = 128;

    private readonly Lock _gate = new();
    private readonly List<LoggedEvent> _kept = [];
    // Index of the oldest kept event. The entries before it are removed when they are half of the list.
    private int _head;
    private ArrayBufferWriter<byte>? _buffer;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionCipher? _cipher;
    private TaskCompletionSource? _changed;
    private long _last;
    private long _shown;
    private bool _ended;
    private bool _abandoned;

    /// <summary>Completes when readers can read the last event, or when there will be none.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Stores the events outside of this process; null if they are only in memory.</summary>
    public ISessionJournal? Journal { get; private set; }

    /// <summary>The number of the oldest kept event; 0 after <see cref="Drop"/>.</summary>
    public long FirstKept
    {
        get
        {
            lock (_gate) return _last > 0 && _kept.Count == 0 ? 0 : First;
        }
    }

    /// <summary>Maximum size of one event in bytes, so that every reader can read it. Encryption makes an event a third larger.</summary>
    public long MaxEventBytes => _cipher is null ? maxBytes : (maxBytes / 4 * 3) - SealBytes;

    /// <summary>Bytes of all kept events.</summary>
    public long Bytes { get; private set; }

    /// <summary>Memory of all kept events.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_gate) return Bytes + ((long)_kept.Count * EventOverhead);
        }
    }

    /// <summary>True if the last event was added.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate) return _ended;
        }
    }

    /// <summary>Encrypts all further events except the first.</summary>
    public void Encrypt(SessionCipher cipher) => _cipher = cipher;

    /// <summary>Stores all events in a journal. Call it once, before the first event.</summary>
    public void KeepIn(ISessionJournal journal)
    {
        lock (_gate)
        {
            if (Journal is not null || _last > 0) throw new InvalidOperationException("a session has one journal, set before its first event");
            Journal = journal;
        }
    }

    /// <summary>Adds an event. Returns false after <see cref="Final"/>, and for a change of the catalogue before <see cref="SessionInit"/>.</summary>
    public bool Add(EventPayload payload)
    {
        TaskCompletionSource? changed = null;
        bool closed;
        lock (_gate)
        {
            // A session that has not begun finds the changed tools anyway.
            if (_ended || _abandoned || (_last == 0 && payload is CatalogChanged)) return false;
            var added = new SessionEvent(sessionId, ++_last, payload);
            byte[] plain = Encode(added), sent = _cipher is not null && payload is not SessionInit ? Encode(_cipher.Seal(added)) : plain;
            var logged = new LoggedEvent(_last, payload.Type, plain, sent);
            _kept.Add(logged);
            Bytes += logged.Bytes;
            // The newest event is always kept: a reader would wait for the last event for ever.
            while (Bytes > maxBytes && _kept.Count - _head > 1) Bytes -= _kept[_head++].Bytes;
            _ended = payload is Final;
            if (_ended || _head > _kept.Count / 2)
            {
                _kept.RemoveRange(0, _head);
                _head = 0;
            }

            if (_ended)
            {
                // An ended session may be kept for long.
                _kept.TrimExcess();
                _buffer = null;
            }

            Journal?.Keep(payload, logged);
            closed = Journal is null && Advance(_last, out changed);
        }

        changed?.TrySetResult();
        if (closed) Close();
        return true;
    }

    /// <summary>Allows readers to read the events up to this number: they are stored.</summary>
    public void Show(long seq)
    {
        TaskCompletionSource? changed;
        bool closed;
        lock (_gate)
        {
            if (_abandoned) return;
            closed = Advance(seq, out changed);
        }

        changed?.TrySetResult();
        if (closed) Close();
    }

    /// <summary>Gives up: unstored events stay unstored. Nothing more is added, and readers learn that the session is lost at this broker.</summary>
    public void Abandon()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            if (_abandoned || (_ended && _shown == _last)) return;
            _abandoned = true;
            (changed, _changed) = (_changed, null);
        }

        changed?.TrySetResult();
        Close();
    }

    /// <summary>Drops the events of a session that is forgotten. Readers that do not have them all are disconnected.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _kept.Clear();
            _kept.TrimExcess();
            (_head, Bytes) = (0, 0);
        }
    }

    /// <summary>Reads a page of events from a number on. Waits until there are any.</summary>
    /// <param name="from">The number of the first event wanted.</param>
    /// <param name="events">Gets them.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Read(from, events, out ReadOutcome outcome) is not { } more) return outcome;
            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a page of events from a number on. If there are none yet, returns the task to wait for.</summary>
    public Task? Read(long from, List<LoggedEvent> events, out ReadOutcome outcome)
    {
        lock (_gate)
        {
            long first = First;
            outcome = from < first ? ReadOutcome.Lost : ReadOutcome.Events;
            if (from < first) return null;
            if (from <= _shown)
            {
                int at = _head + (int)(from - first), end = at + (int)(_shown - from);
                long bytes = 0;
                do
                {
                    events.Add(_kept[at]);
                    bytes += _kept[at].Bytes;
                }
                while (++at <= end && bytes + _kept[at].Bytes <= PageBytes);
                return null;
            }

            outcome = _abandoned ? ReadOutcome.Lost : ReadOutcome.Ended;
            if (_abandoned || (_ended && _shown == _last)) return null;
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }

    private long First => _last - (_kept.Count - _head) + 1;

    private void Close()
    {
        _closed.TrySetResult();
        Journal?.Closed();
    }

    /// <summary>Moves the visible end forward. Returns true if that was the last event.</summary>
    private bool Advance(long seq, out TaskCompletionSource? changed)
    {
        _shown = seq;
        (changed, _changed) = (_changed, null);
        return _ended && _shown == _last;
    }

    /// <summary>Encodes an event as its line.</summary>
    public static byte[] Line(SessionEvent happened) => Line(happened, new ArrayBufferWriter<byte>());

    private static byte[] Line(SessionEvent happened, ArrayBufferWriter<byte> empty)
    {
        happened.WriteTo(empty);
        empty.Write("\n"u8);
        return empty.WrittenSpan.ToArray();
    }

    private byte[] Encode(SessionEvent encoded)
    {
        _buffer ??= new ArrayBufferWriter<byte>();
        _buffer.ResetWrittenCount();
        byte[] line = Line(encoded, _buffer);
        // Large lines are rare, so a large buffer is not kept.
        if (_buffer.Capacity > MaxKeptBuffer) _buffer = null;
        return line;
    }
}
