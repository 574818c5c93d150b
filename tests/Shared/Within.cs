using System.Diagnostics;

namespace Enclave.Tests;

/// <summary>
/// Waits with a deadline, and names the missing condition. The limits are far above the expected times: they end a hanging test and measure nothing.
/// </summary>
internal static class Within
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    public static Task<T> Deadline<T>(Task<T> task, string what) => Deadline(task, what, s_deadline);

    public static Task Deadline(Task task, string what) => Deadline(task, what, s_deadline);

    public static async Task<T> Deadline<T>(Task<T> task, string what, TimeSpan deadline)
    {
        await Deadline((Task)task, what, deadline);
        return await task;
    }

    private static async Task Deadline(Task task, string what, TimeSpan deadline)
    {
        if (await Task.WhenAny(task, Task.Delay(deadline)) != task) Assert.Fail($"after {deadline.TotalSeconds} s there was no {what}");
        await task;
    }

    /// <summary>
    /// Polls a condition outside of the test (a process, a descriptor) that no event signals. The longer it waits, the longer it pauses, up to 100 ms:
    /// looks are often queries, and those of many tests at once take the processor from what they wait for.
    /// </summary>
    public static Task Becomes(Func<bool> condition, string what, Func<string>? instead = null) => Becomes(condition, what, s_deadline, instead);

    public static async Task Becomes(Func<bool> condition, string what, TimeSpan time, Func<string>? instead = null)
    {
        long since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(since);
            if (waited > time)
                Assert.Fail($"after {time.TotalSeconds} s it was not so that {what}{(instead is null ? "" : $", but {instead()}")}");
            await Task.Delay(Math.Clamp((int)waited.TotalMilliseconds / 10, 5, 100));
        }
    }
}
