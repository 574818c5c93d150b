using System.Text;
using Enclave.Client.Options;
using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>Tracks the received events of a session: which are new, which are missing, and which the result keeps.</summary>
internal sealed class SessionJournal
{
    private readonly EnclaveClientOptions _options;
    private readonly bool _hasHoles;
    private readonly List<SessionEvent> _kept = [];
    private readonly SequenceTracker _numbers = new();
    private readonly HashSet<string> _typesAtLast = [];
    private string? _streamId;
    private long _keptBytes;
    private long _next;
    private bool _hasNext;

    /// <param name="name">The requested name of the session.</param>
    /// <param name="hasHoles">True if a filter makes gaps in the numbers normal.</param>
    /// <param name="from">The first event number requested; null for all.</param>
    public SessionJournal(EnclaveClientOptions options, string name, bool hasHoles, long? from)
    {
        _options = options;
        _hasHoles = hasHoles;
        Name = name;
        _next = from ?? 0;
        _hasNext = from > 0;
        if (_hasNext) _numbers.Receive(_next - 1);
    }

    /// <summary>The session's name at the broker.</summary>
    public string Name { get; private set; }

    /// <summary>The number after the last received event; null before the first event.</summary>
    public long? Next => _hasNext ? _next : null;

    /// <summary>Number of new events so far.</summary>
    public long Taken { get; private set; }

    public long ToolCalls { get; private set; }

    public long StdoutBytes { get; private set; }

    public long NotKept { get; private set; }

    public IReadOnlyList<SessionEvent> Kept => _kept;

    public IReadOnlyList<SequenceGap> Missing => _hasHoles ? [] : _numbers.Gaps;

    /// <summary>Takes over the name that the broker gave the session.</summary>
    public void Rename(string? name)
    {
        if (Taken == 0 && SessionName.IsUsable(name)) Name = name!;
    }

    /// <summary>Records an event. Returns false for an event of another session, and for a repeat.</summary>
    public bool TryTake(SessionEvent taken, long bytes)
    {
        if (taken.SessionId != (_streamId ?? taken.SessionId) || IsRepeat(taken)) return false;
        if (_streamId is null) Recognise(taken.SessionId);
        Follow(taken);
        Taken++;
        if (taken.Payload is ToolCall) ToolCalls++;
        if (taken.Payload is Stdout output) StdoutBytes += Encoding.UTF8.GetByteCount(output.Chunk);
        Keep(taken, bytes);
        return true;
    }

    /// <summary>
    /// True if the event is a repeat. Upstream's demonstration gives two events of different types the same
    /// number, so the type counts as well. A last event is always new.
    /// </summary>
    private bool IsRepeat(SessionEvent candidate)
    {
        if (!_hasNext || candidate.Payload is Final || candidate.Seq >= _next) return false;
        return candidate.Seq < _next - 1 || _typesAtLast.Count == 0 || _typesAtLast.Contains(candidate.Type);
    }

    private void Recognise(string id)
    {
        _streamId = id;
        Rename(id);
    }

    private void Follow(SessionEvent taken)
    {
        _numbers.Receive(taken.Seq);
        if (!_hasNext || taken.Seq >= _next)
        {
            _typesAtLast.Clear();
            _next = taken.Seq + 1;
            _hasNext = true;
        }

        _typesAtLast.Add(taken.Type);
    }

    private void Keep(SessionEvent taken, long bytes)
    {
        bool hasRoom = _kept.Count < _options.MaxKeptEvents && _keptBytes + bytes <= _options.MaxKeptBytes;
        if (!hasRoom && taken.Payload is not Final)
        {
            NotKept++;
            return;
        }

        _keptBytes += bytes;
        _kept.Add(taken);
    }
}
