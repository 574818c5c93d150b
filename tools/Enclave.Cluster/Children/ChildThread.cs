using System.Collections.Concurrent;

namespace Enclave.Cluster.Children;

/// <summary>
/// The one thread that starts children. The kernel reports the parent's death to a child when the thread that started it ends
/// (PR_SET_PDEATHSIG), so this thread lives as long as the process.
/// </summary>
internal static class ChildThread
{
    private static readonly BlockingCollection<Action> s_work = [];

    static ChildThread() => new Thread(Loop) { IsBackground = true, Name = "enclave-children" }.Start();

    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
#pragma warning disable CA1031 // The waiting caller gets the exception.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                done.SetException(fault);
            }
        });
        return done.Task;
    }

    private static void Loop()
    {
        foreach (Action work in s_work.GetConsumingEnumerable()) work();
    }
}
