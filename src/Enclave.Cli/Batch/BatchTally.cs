using System.Diagnostics;
using System.Globalization;

namespace Enclave.Cli.Batch;

/// <summary>Counts the results of a batch.</summary>
/// <param name="things">The plural of what it counts.</param>
internal sealed class BatchTally(string things = "jobs")
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _ok;
    private long _failed;

    /// <summary>True if one has failed.</summary>
    public bool AnyFailed => Interlocked.Read(ref _failed) > 0;

    public void Count(bool success)
    {
        if (success) Interlocked.Increment(ref _ok);
        else Interlocked.Increment(ref _failed);
    }

    /// <summary>For example <c>1000 jobs, 998 ok, 2 failed, 412/s</c>.</summary>
    public override string ToString()
    {
        long ok = Interlocked.Read(ref _ok), failed = Interlocked.Read(ref _failed);
        double perSecond = (ok + failed) / Math.Max(Stopwatch.GetElapsedTime(_started).TotalSeconds, 0.001);
        string rate = perSecond.ToString(perSecond < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{ok + failed} {things}, {ok} ok, {failed} failed, {rate}/s");
    }
}
