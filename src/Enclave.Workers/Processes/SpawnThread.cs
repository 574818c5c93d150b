using System.Collections.Concurrent;
using Enclave.Linux;

namespace Enclave.Processes;

/// <summary>
/// The thread that starts workers. A worker dies with the thread that started it (PR_SET_PDEATHSIG), so this one lives as long as the process.
/// </summary>
internal static class SpawnThread
{
    private static readonly BlockingCollection<Action> s_work = [];
    private static readonly Lock s_starting = new();
    private static bool s_isStarted;

    /// <exception cref="OutOfMemoryException">The thread is not there yet and cannot be started. A later call tries again.</exception>
    public static void Post(Action work)
    {
        Start();
        s_work.Add(work);
    }

    private static void Start()
    {
        if (Volatile.Read(ref s_isStarted)) return;
        lock (s_starting)
        {
            if (s_isStarted) return;
            // Without the execution context of the first caller, which threads that this one starts would inherit.
            new Thread(Loop) { IsBackground = true, Name = "enclave-spawn" }.UnsafeStart();
            Volatile.Write(ref s_isStarted, true);
        }
    }

    private static void Loop()
    {
        foreach (Action work in s_work.GetConsumingEnumerable())
        {
            try
            {
                work();
            }
            catch (Exception fault) when (Scarcity.IsCauseOf(fault))
            {
                // Launches report their faults themselves. This thread must not end, because its workers would die with it.
            }
        }
    }
}
