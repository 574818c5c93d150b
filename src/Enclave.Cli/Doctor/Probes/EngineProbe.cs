using Enclave.Workers;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Whether the engine and the worker are where the host looks for them.</summary>
internal sealed class EngineProbe : IProbe
{
    private const string Name = "engine";

    public Task<Finding> LookAsync(CancellationToken cancellationToken) => Task.FromResult(Look());

    private static Finding Look()
    {
        try
        {
            string folder = EngineFiles.Find(null).EngineDirectory;
            return EngineVersions.Read(folder) is { } versions
                ? new Finding { Name = Name, Value = $"V8 {versions.V8}, Node {versions.Node} ({folder})" }
                : new Finding { Name = Name, Value = $"of unknown version ({folder} has no engine.json)" };
        }
        catch (Exception fault) when (fault is DirectoryNotFoundException or PlatformNotSupportedException)
        {
            return Finding.Broken(Name, "missing", fault.Message);
        }
    }
}
