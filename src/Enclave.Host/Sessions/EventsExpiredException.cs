namespace Enclave;

/// <summary>A reader asked for events of a session that are no longer stored: the reader came too late, or is too slow.</summary>
public sealed class EventsExpiredException : Exception
{
    /// <summary>Creates an exception without figures.</summary>
    public EventsExpiredException()
        : this("the events are no longer kept")
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    public EventsExpiredException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and a cause.</summary>
    public EventsExpiredException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal EventsExpiredException(long requested, long firstKept)
        : base($"event {requested} is no longer kept; the first one that is has the number {firstKept}. Read faster, begin there, or raise MaxBufferedEvents " +
        "or MaxBufferedEventBytes")
        => (Requested, FirstKept) = (requested, firstKept);

    /// <summary>The requested number.</summary>
    public long Requested { get; }

    /// <summary>The number of the first stored event, where a reader may begin.</summary>
    public long FirstKept { get; }
}
