using System.Collections.Concurrent;
using System.Diagnostics;

namespace Enclave.Worker.Tests;

/// <summary>Starts processes from a thread that lives as long as the tests: the kernel ends a worker with the thread that started it.</summary>
internal static class Starter
{
    private static readonly BlockingCollection<Action> s_orders = [];

    static Starter() => new Thread(() =>
    {
        foreach (Action order in s_orders.GetConsumingEnumerable()) order();
    })
    { IsBackground = true, Name = "starter of workers" }.Start();

    public static Process Start(ProcessStartInfo what)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_orders.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(what)!);
            }
            catch (Exception fault)
            {
                started.SetException(fault);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }
}
