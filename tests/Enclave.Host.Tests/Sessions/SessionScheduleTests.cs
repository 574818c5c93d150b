using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Sessions under schedules that nobody thought of: each has one end, each call is settled once, and nothing is left.</summary>
public sealed class SessionScheduleTests
{
    [Fact]
    public async Task Whatever_is_answered_cancelled_or_late_each_call_settles_once_and_each_session_ends_once()
    {
        var time = new ManualClock();
        await using var host = new EnclaveHost(new EnclaveOptions { TimeProvider = time });
        var sessions = new List<WeakReference>();

        for (int seed = 0; seed < TestSize.Of(300, 10_000); seed++)
        {
            sessions.Add(await new RandomSession(host, time, seed).RunAsync());
            Assert.InRange(time.Armed, 0, 1);
        }

        // The host keeps none of them; one may still be in the hands of the worker that ran it last.
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
