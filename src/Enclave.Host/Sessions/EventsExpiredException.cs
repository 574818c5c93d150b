namespace Enclave;

/// <summary>A reader asked for events of a session that are no longer kept: it came too late, or lags too far behind.</summary>
public sealed class EventsExpiredException : Exception
{
    /// <summary>Without figures.</summary>
    public EventsExpiredException()
        : this("the events are no longer kept")
    {
    }

    /// <summary>With a message of its own.</summary>
    public EventsExpiredException(string message)
        : base(message)
    {
    }

    /// <summary>With a message of its own and a cause.</summary>
    public EventsExpiredException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal EventsExpiredException(long requested, long firstKept)
        : base($"event {requested} is no longer kept; the first one that is has the number {firstKept}. Read faster, begin there, or raise MaxBufferedEvents or MaxBufferedEventBytes")
        => (Requested, FirstKept) = (requested, firstKept);

    /// <summary>The number that was asked for.</summary>
    public long Requested { get; }

    /// <summary>The number of the first event that is still kept: where a reader may begin.</summary>
    public long FirstKept { get; }
}
