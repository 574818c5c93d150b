using Enclave.Cli.Doctor.Probes;

namespace Enclave.Cli.Doctor;

/// <summary>All probes, in the order in which they are shown.</summary>
internal static class Examination
{
    private static readonly IProbe[] s_probes =
    [
        new EngineProbe(TimeProvider.System), new RuntimeProbe(), new LibcProbe(), new LibrariesProbe(), new WorkerProbe(), new BubblewrapProbe(), new UserNamespacesProbe(), new SeccompProbe(),
        new LandlockProbe(), new CgroupProbe(), new KernelProbe(), new CoresProbe(), new MemoryProbe(),
    ];

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        // One after another: what the worker takes is measured.
        foreach (IProbe probe in s_probes) findings.Add(await probe.ProbeAsync(cancellationToken).ConfigureAwait(false));
        return findings;
    }
}
