using Enclave.JavaScript.Text;
using Enclave.Linux;
using Enclave.Protocol.Messages;

namespace Enclave.Runs;

/// <summary>The CPU time that the host spends on the arguments of one run.</summary>
/// <remarks>Each of several concurrent calls may use the time that is left at its begin, so the sum may exceed the limit by that time for each core.</remarks>
internal sealed class ArgumentWork(TimeSpan limit)
{
    /// <summary>The first check of a process compiles the code that checks.</summary>
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(250);

    private long _spentTicks;

    /// <summary>The most CPU time for the arguments of the run.</summary>
    public TimeSpan Limit => limit;

    /// <summary>As much as the run itself may compute.</summary>
    public static ArgumentWork Of(RunLimits limits)
    {
        TimeSpan limit = Clock.Time(limits.CpuMicroseconds);
        return new ArgumentWork(limit > s_least ? limit : s_least);
    }

    /// <summary>Does work on this thread, and charges its time.</summary>
    /// <exception cref="WorkLimitException">The time is used up.</exception>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public T Do<T>(Func<WorkMeter, T> work, CancellationToken token)
    {
        long spent = Interlocked.Read(ref _spentTicks);
        if (spent >= Limit.Ticks) throw new WorkLimitException(Limit);
        TimeSpan start = ThreadCpuTime.Now();
        try
        {
            return work(new WorkMeter(Limit - TimeSpan.FromTicks(spent), ThreadCpuTime.Now, token));
        }
        finally
        {
            Interlocked.Add(ref _spentTicks, (ThreadCpuTime.Now() - start).Ticks);
        }
    }
}
