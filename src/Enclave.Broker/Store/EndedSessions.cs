using Enclave.Broker.Sessions;

namespace Enclave.Broker.Store;

/// <summary>Sessions that ended, in the order of their ends, and the memory that they hold. Its owner's lock guards it.</summary>
internal sealed class EndedSessions
{
    /// <summary>Memory of an ended session beside its events: its objects, names and places in the tables.</summary>
    private const int SessionBytes = 2048;

    /// <summary>How many of an owner's sessions are searched for one without readers.</summary>
    private const int MaxSeen = 64;

    private readonly LinkedList<Ended> _all = [];
    private readonly Dictionary<BrokerSession, Ended> _bySession = [];
    private readonly Dictionary<string, Share> _byOwner = new(StringComparer.Ordinal);
    private readonly SortedSet<(long Bytes, string Owner)> _bySize = new(Comparer<(long Bytes, string Owner)>.Create(
        static (a, b) => a.Bytes != b.Bytes ? a.Bytes.CompareTo(b.Bytes) : string.CompareOrdinal(a.Owner, b.Owner)));

    /// <summary>Memory of all.</summary>
    public long Bytes { get; private set; }

    /// <summary>The sessions in the order of their ends. The caller may remove each session that it gets.</summary>
    public IEnumerable<BrokerSession> Oldest
    {
        get
        {
            for (LinkedListNode<Ended>? node = _all.First; node is not null;)
            {
                LinkedListNode<Ended> given = node;
                node = node.Next;
                yield return given.Value.Session;
            }
        }
    }

    public void Add(BrokerSession session)
    {
        string owner = session.Caller.Owner ?? "";
        if (!_byOwner.TryGetValue(owner, out Share? share)) _byOwner.Add(owner, share = new Share(owner));
        var ended = new Ended(session, share, SessionBytes + session.Events.HeldBytes);
        ended.Places = (_all.AddLast(ended), share.Sessions.AddLast(ended));
        _bySession.Add(session, ended);
        Count(share, ended.Bytes);
    }

    public void Remove(BrokerSession session)
    {
        _bySession.Remove(session, out Ended? ended);
        _all.Remove(ended!.Places.InAll);
        ended.Share.Sessions.Remove(ended.Places.InShare);
        Count(ended.Share, -ended.Bytes);
    }

    /// <summary>
    /// The session to drop for others. It is of the owner with the most bytes: its oldest session without readers, or else its oldest. So no owner loses a
    /// session to one that holds more. Null if only the newest of all is left.
    /// </summary>
    public BrokerSession? FindLeastNeeded()
    {
        if (_all.Count < 2) return null;
        Ended newest = _all.Last!.Value;
        foreach ((_, string owner) in _bySize.Reverse())
        {
            Ended[] oldest = [.. _byOwner[owner].Sessions.Where((ended) => ended != newest).Take(MaxSeen)];
            if (oldest is [Ended first, ..]) return (oldest.FirstOrDefault((ended) => !ended.Session.HasReaders) ?? first).Session;
        }

        return null;
    }

    private void Count(Share share, long bytes)
    {
        _bySize.Remove((share.Bytes, share.Owner));
        Bytes += bytes;
        share.Bytes += bytes;
        if (share.Sessions.Count == 0) _byOwner.Remove(share.Owner);
        else _bySize.Add((share.Bytes, share.Owner));
    }

    private sealed class Share(string owner)
    {
        public string Owner => owner;

        public LinkedList<Ended> Sessions { get; } = [];

        public long Bytes { get; set; }
    }

    private sealed class Ended(BrokerSession session, Share share, long bytes)
    {
        public BrokerSession Session => session;

        public Share Share => share;

        public long Bytes => bytes;

        public (LinkedListNode<Ended> InAll, LinkedListNode<Ended> InShare) Places { get; set; }
    }
}
