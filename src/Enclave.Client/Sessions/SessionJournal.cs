using System.Text;
using Enclave.Client.Options;
using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>What has come of a session: which events are new, which were missed, and what the result tells of them.</summary>
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

    /// <param name="name">The session, as it was asked for.</param>
    /// <param name="hasHoles">Whether a filter makes holes in the numbers.</param>
    /// <param name="from">The first number that was asked for; null for all.</param>
    public SessionJournal(EnclaveClientOptions options, string name, bool hasHoles, long? from)
    {
        _options = options;
        _hasHoles = hasHoles;
        Name = name;
        _next = from ?? 0;
        _hasNext = from > 0;
        if (_hasNext) _numbers.Receive(_next - 1);
    }

    /// <summary>The session, as the broker calls it.</summary>
    public string Name { get; private set; }

    /// <summary>The first number that has not come; null before the first event.</summary>
    public long? Next => _hasNext ? _next : null;

    /// <summary>How many events were new.</summary>
    public long Taken { get; private set; }

    public long ToolCalls { get; private set; }

    public long StdoutBytes { get; private set; }

    public long NotKept { get; private set; }

    public IReadOnlyList<SessionEvent> Kept => _kept;

    public IReadOnlyList<SequenceGap> Missing => _hasHoles ? [] : _numbers.Gaps;

    /// <summary>The broker has its own name for the session.</summary>
    public void Rename(string? name)
    {
        if (Taken == 0 && SessionName.IsUsable(name)) Name = name!;
    }

    /// <summary>Takes an event. False for another session's, and for one that was there before.</summary>
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
    /// Whether an event was there before. Upstream's demonstration numbers two events of different kinds alike, so the kind counts within one number;
    /// and an end is an end, whatever its number.
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
