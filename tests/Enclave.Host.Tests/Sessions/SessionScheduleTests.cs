using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Sessions under random schedules: each ends once, each call settles once, and nothing is left.</summary>
public sealed class SessionScheduleTests
{
    [Fact]
    public async Task Each_call_settles_once_and_each_session_ends_once_whatever_is_answered_cancelled_or_late()
    {
        var time = new ManualClock();
        await using var host = new EnclaveHost(new EnclaveOptions { TimeProvider = time });
        var sessions = new List<WeakReference>();

        for (int seed = 0; seed < TestSize.Of(300, 10_000); seed++)
        {
            sessions.Add(await new RandomSession(host, time, seed).RunAsync());
            Assert.InRange(time.Armed, 0, 1);
        }

        // The host keeps none of them. The last worker may still hold one.
        await Within.Becomes(
            () =>
            {
                GC.Collect();
                return sessions.Count((session) => session.IsAlive) <= 1;
            },
            "the sessions were gone",
            () => $"{sessions.Count((session) => session.IsAlive)} of {sessions.Count} are there");
    }
}
