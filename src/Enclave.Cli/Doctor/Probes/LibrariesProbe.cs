using Enclave.Isolation;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks the libraries that the engine is linked against. Small images lack libatomic.</summary>
internal sealed class LibrariesProbe : IProbe
{
    private const string Name = "libraries";

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe(SystemLibraries.Folder()));

    private static Finding Probe(string folder)
    {
        if (SystemLibraries.Missing(folder) is { } missing) return Finding.Broken(Name, missing.What, missing.Remedy);
        return new Finding { Name = Name, Value = $"all {SystemLibraries.All.Length} ({folder})" };
    }
}
