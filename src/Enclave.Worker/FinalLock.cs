using Enclave.Protocol.Messages;
using Enclave.Worker.Engine;

namespace Enclave.Worker;

/// <summary>The step between warm-up and the first job: what jobs do not need is given up, for all threads and for good (native/lock.cc).</summary>
internal static unsafe class FinalLock
{
    /// <summary>Puts the layers on. What holds then, as <see cref="Claims"/>.</summary>
    public static List<string> Apply(WorkerLock plan)
    {
        uint held;
        fixed (byte* filter = plan.Filter.Span)
        {
            var native = new NativeEngine.LockPlan
            {
                Layers = (uint)(plan.Layers & ~LockLayers.Learning),
                Uid = (uint)plan.Uid,
                DataBytes = (ulong)plan.DataBytes,
                CpuSeconds = (ulong)plan.CpuSeconds,
                Filter = filter,
                FilterLength = (nuint)plan.Filter.Length,
                Learning = (plan.Layers & LockLayers.Learning) != 0 ? 1 : 0,
            };
            held = NativeEngine.ee_lock(&native);
        }

        return Describe((LockLayers)held, NativeEngine.ee_landlock());
    }

    /// <summary>Run once before the lock as well: under it no method may run for the first time.</summary>
    public static List<string> Describe(LockLayers held, int landlock)
    {
        var claims = new List<string>();
        if ((held & LockLayers.Limits) != 0) claims.Add(Claims.Limits);
        if ((held & LockLayers.User) != 0) claims.Add(Claims.User);
        if ((held & LockLayers.Seccomp) != 0) claims.Add(Claims.Seccomp);
        if ((held & LockLayers.NoExec) != 0) claims.Add(Claims.NoExec);
        if (landlock > 0) claims.Add(Claims.Landlock + landlock.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return claims;
    }
}
