using System.Buffers;
using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>The events of one session as lines, numbered from 1, for any number of readers. Encoded once; the oldest make room for new ones.</summary>
internal sealed class EventLines(string sessionId, long maxBytes)
{
    private const int MaxKeptBuffer = 64 * 1024, SealBytes = 1024;

    private readonly Lock _gate = new();
    private readonly List<LoggedEvent> _kept = [];
    // What lies before it has made room, and is let go of when it is half of the list.
    private int _head;
    private ArrayBufferWriter<byte> _buffer = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionCipher? _cipher;
    private TaskCompletionSource? _changed;
    private long _last;
    private long _shown;
    private bool _ended;
    private bool _abandoned;

    /// <summary>Completes when readers can have the last event, or when there will be none.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Keeps the events outside of this process; null where they are kept in memory alone.</summary>
    public ISessionJournal? Journal { get; private set; }

    /// <summary>The number of the oldest event that is held.</summary>
    public long FirstKept
    {
        get
        {
            lock (_gate) return First;
        }
    }

    /// <summary>Bytes that one event may take, so that every reader can take it. What is sealed grows by a third.</summary>
    public long MaxEventBytes => _cipher is null ? maxBytes : (maxBytes / 4 * 3) - SealBytes;

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

    /// <summary>Encrypts all events but the first from now on.</summary>
    public void Encrypt(SessionCipher cipher) => _cipher = cipher;

    /// <summary>Has all events kept there from now on. Before the first one, and once.</summary>
    public void KeepIn(ISessionJournal journal)
    {
        lock (_gate)
        {
            if (Journal is not null || _last > 0) throw new InvalidOperationException("the events of a session have one journal, from the first one on");
            Journal = journal;
        }
    }

    /// <summary>Adds an event. After <see cref="Final"/> nothing is added, nor a change of the catalogue before <see cref="SessionInit"/>; false then.</summary>
    public bool Add(EventPayload payload)
    {
        TaskCompletionSource? changed = null;
        bool closed;
        lock (_gate)
        {
            // Who has not begun finds the tools as they are by then.
            if (_ended || _abandoned || (_last == 0 && payload is CatalogChanged)) return false;
            var added = new SessionEvent(sessionId, ++_last, payload);
            byte[] plain = Encode(added), sent = _cipher is not null && payload is not SessionInit ? Encode(_cipher.Seal(added)) : plain;
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
            Journal?.Keep(payload, logged);
            closed = Journal is null && Advance(_last, out changed);
        }

        changed?.TrySetResult();
        if (closed) Close();
        return true;
    }

    /// <summary>Readers may have the events up to this one: they are kept.</summary>
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

    /// <summary>What is not kept will never be: nothing is added, and readers learn that it is lost here.</summary>
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

    /// <summary>The events from a number on, once there are any.</summary>
    /// <param name="from">The number of the first event wanted.</param>
    /// <param name="events">Gets them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Read(from, events, out ReadOutcome outcome) is not { } more) return outcome;
            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The events from a number on; what to wait for when there are none yet.</summary>
    public Task? Read(long from, List<LoggedEvent> events, out ReadOutcome outcome)
    {
        lock (_gate)
        {
            long first = First;
            outcome = from < first ? ReadOutcome.Lost : ReadOutcome.Events;
            if (from < first) return null;
            if (from <= _shown)
            {
                int start = _head + (int)(from - first);
                events.AddRange(_kept[start..(start + (int)(_shown - from) + 1)]);
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

    /// <summary>Whether that was the last.</summary>
    private bool Advance(long seq, out TaskCompletionSource? changed)
    {
        _shown = seq;
        (changed, _changed) = (_changed, null);
        return _ended && _shown == _last;
    }

    /// <summary>An event as its line.</summary>
    public static byte[] Line(SessionEvent happened) => Line(happened, new ArrayBufferWriter<byte>());

    private static byte[] Line(SessionEvent happened, ArrayBufferWriter<byte> empty)
    {
        happened.WriteTo(empty);
        empty.Write("\n"u8);
        return empty.WrittenSpan.ToArray();
    }

    private byte[] Encode(SessionEvent encoded)
    {
        _buffer.ResetWrittenCount();
        byte[] line = Line(encoded, _buffer);
        // A large line is seldom followed by another.
        if (_buffer.Capacity > MaxKeptBuffer) _buffer = new ArrayBufferWriter<byte>();
        return line;
    }
}
