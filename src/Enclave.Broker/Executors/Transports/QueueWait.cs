using Enclave.Broker.Sessions;
using Enclave.Queues;

namespace Enclave.Broker.Executors.Transports;

/// <summary>The wait of a session for a place on a runtime.</summary>
/// <param name="session">The session.</param>
/// <param name="waiting">Returns its position in the queue.</param>
/// <param name="queueTimeout">The longest wait in the queue.</param>
/// <param name="submitted">When it came into the queue, by the clock's timestamp.</param>
/// <param name="clock">The clock.</param>
internal sealed class QueueWait(BrokerSession session, Func<QueuePosition?> waiting, TimeSpan queueTimeout, long submitted, TimeProvider clock)
{
    /// <summary>True if the session's own life is not longer than the longest wait in the queue.</summary>
    public bool IsLifetime => session.Terms.Ttl <= queueTimeout;

    /// <summary>Seconds since it came into the queue, in whole milliseconds.</summary>
    public double Seconds => Math.Round(clock.GetElapsedTime(submitted).TotalSeconds, 3);

    /// <summary>The longest wait of a session: the queue's, or its own life.</summary>
    public static TimeSpan Longest(BrokerSession session, TimeSpan queueTimeout) => session.Terms.Ttl < queueTimeout ? session.Terms.Ttl : queueTimeout;

    /// <summary>Waits until the queue settles it.</summary>
    /// <param name="settled">Completes when it has a place, or was withdrawn.</param>
    /// <param name="late">Withdraws it when its time is over.</param>
    /// <param name="stopped">Withdraws it when it is stopped.</param>
    /// <param name="cancellationToken">Cancelled when the session is stopped.</param>
    public async Task<T> ForAsync<T>(Task<T> settled, Action late, Action stopped, CancellationToken cancellationToken)
    {
        session.Waiting = waiting;
        TimeSpan left = Longest(session, queueTimeout) - clock.GetElapsedTime(submitted);
        using ITimer timer = clock.CreateTimer((_) => late(), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration stop = cancellationToken.Register(stopped);
        T outcome = await settled.ConfigureAwait(false);
        session.Waiting = null;
        return outcome;
    }
}
