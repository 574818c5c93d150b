using Enclave.Isolation;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>The libraries that the engine is linked against. Small images lack libatomic.</summary>
internal sealed class LibrariesProbe : IProbe
{
    private const string Name = "libraries";

    public Task<Finding> LookAsync(CancellationToken cancellationToken) => Task.FromResult(Look(SystemLibraries.Folder()));

    private static Finding Look(string folder)
    {
        if (SystemLibraries.Missing(folder) is { } missing) return Finding.Broken(Name, missing.What, missing.Remedy);
        return new Finding { Name = Name, Value = $"all {SystemLibraries.All.Length} ({folder})" };
    }
}
