using Enclave.JavaScript.Text;

namespace Enclave.Runs;

/// <summary>The CPU time that the host spends on the arguments of one run.</summary>
/// <remarks>Calls that are checked at once each take what is left when they begin, so the sum may be above the limit by that much for each core.</remarks>
internal sealed class ArgumentWork(TimeSpan limit)
{
    private long _spentTicks;

    /// <summary>The most of it.</summary>
    public TimeSpan Limit => limit;

    /// <summary>Does work on this thread, and charges its time.</summary>
    /// <exception cref="WorkLimitException">The time is used up.</exception>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public T Do<T>(Func<WorkMeter, T> work, CancellationToken token)
    {
        long spent = Interlocked.Read(ref _spentTicks);
        if (spent >= limit.Ticks) throw new WorkLimitException(limit);
        TimeSpan start = ThreadCpuTime.Now();
        try
        {
            return work(new WorkMeter(limit - TimeSpan.FromTicks(spent), ThreadCpuTime.Now, token));
        }
        finally
        {
            Interlocked.Add(ref _spentTicks, (ThreadCpuTime.Now() - start).Ticks);
        }
    }
}
