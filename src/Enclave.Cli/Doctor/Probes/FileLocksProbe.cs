using Enclave.Linux;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks that files can be locked, which keeps two hosts from running one durable run, by locking one in the folder of the command.</summary>
internal sealed class FileLocksProbe : IProbe
{
    private const string Name = "file locks";

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe(Environment.CurrentDirectory));

    internal static Finding Probe(string folder)
    {
        try
        {
            FileLock.Check(folder, FileLock.TryTake, "two hosts could run one run");
            return new Finding { Name = Name, Value = $"work in {folder}" };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Finding.Missing(
                Name, fault.Message, "keep durable runs (--store) in a folder of a local file system that this user may write, or in a database");
        }
    }
}
