using Enclave.Engine;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks that the host finds the portable engine, and says what it does not promise.</summary>
internal sealed class PortableEngineProbe : IProbe
{
    private const string Name = "engine";

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe());

    private static Finding Probe()
    {
        try
        {
            var files = PortableFiles.Find(null);
            return Finding.Missing(
                Name, $"portable, {files.Version} ({files.Folder}): STANDARD and PERMISSIVE, without a jail, never-used memory within a worker, exact CPU time",
                "for production use the native engine, on Linux x64");
        }
        catch (IOException fault)
        {
            return Finding.Broken(Name, "missing", fault.Message);
        }
    }
}
