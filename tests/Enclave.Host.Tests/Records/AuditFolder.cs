namespace Enclave.Host.Tests.Records;

/// <summary>A folder for an audit file, deleted after the test.</summary>
internal sealed class AuditFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-audit-");

    public string File => Path.Combine(_folder.FullName, "audit.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);
}
