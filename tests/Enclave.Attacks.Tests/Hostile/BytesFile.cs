namespace Enclave.Attacks.Tests;

/// <summary>A file with bytes that a fake worker will send.</summary>
internal sealed class BytesFile : IDisposable
{
    public BytesFile(byte[] bytes, string ending = "")
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"enclave-attack-{Guid.NewGuid():n}{ending}");
        File.WriteAllBytes(Path, bytes);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
