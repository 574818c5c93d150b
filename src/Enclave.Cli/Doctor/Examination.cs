using Enclave.Cli.Doctor.Probes;

namespace Enclave.Cli.Doctor;

/// <summary>Runs all probes, in the order of display.</summary>
internal static class Examination
{
    private static readonly IProbe[] s_probes =
    [
        new EngineProbe(TimeProvider.System),
        new RuntimeProbe(), new LibcProbe(), new LibrariesProbe(), new WorkerProbe(), new BubblewrapProbe(), new UserNamespacesProbe(), new SeccompProbe(),
        new LandlockProbe(), new CgroupProbe(), new KernelProbe(), new CoresProbe(), new MemoryProbe(),
    ];

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        // One after another, because the worker's probe measures times.
        foreach (IProbe probe in s_probes) findings.Add(await probe.ProbeAsync(cancellationToken).ConfigureAwait(false));
        return findings;
    }
}
