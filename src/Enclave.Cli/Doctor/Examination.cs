using Enclave.Cli.Doctor.Probes;
using Enclave.Engine;

namespace Enclave.Cli.Doctor;

/// <summary>Runs all probes, in the order of display.</summary>
internal static class Examination
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(ScriptEngine engine, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        // One after another, because the worker's probe measures times.
        foreach (IProbe probe in Probes(engine)) findings.Add(await probe.ProbeAsync(cancellationToken).ConfigureAwait(false));
        return findings;
    }

    private static IProbe[] Probes(ScriptEngine engine) => PortableFiles.AreChosen(engine, null) || !OperatingSystem.IsLinux()
        ? [new PortableEngineProbe(), new RuntimeProbe(), new WorkerProbe(engine), new FileLocksProbe(), new CoresProbe()]
        :
        [
            new EngineProbe(TimeProvider.System), new RuntimeProbe(), new LibcProbe(), new LibrariesProbe(), new WorkerProbe(engine), new BubblewrapProbe(),
            new UserNamespacesProbe(), new SeccompProbe(), new LandlockProbe(), new ProcProbe(), new CgroupProbe(), new FileLocksProbe(), new KernelProbe(),
            new CoresProbe(), new MemoryProbe(), new DescriptorsProbe(),
        ];
}
