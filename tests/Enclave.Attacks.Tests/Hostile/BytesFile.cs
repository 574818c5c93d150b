namespace Enclave.Attacks.Tests;

/// <summary>Bytes that a fake worker will send, in a file of their own.</summary>
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
