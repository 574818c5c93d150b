using System.Collections.Concurrent;

namespace Enclave.Processes;

/// <summary>
/// The thread that starts workers. A worker dies with the thread that started it (PR_SET_PDEATHSIG), so this one lives as long as the process.
/// </summary>
internal static class SpawnThread
{
    private static readonly BlockingCollection<Action> s_work = [];

    static SpawnThread() => new Thread(Loop) { IsBackground = true, Name = "enclave-spawn" }.Start();

    public static void Post(Action work) => s_work.Add(work);

    private static void Loop()
    {
        foreach (Action work in s_work.GetConsumingEnumerable()) work();
    }
}
