using System.Security.Cryptography;
using System.Text;

namespace Enclave.Testing.Tests;

#pragma warning disable CA2007, CA1849 // As an application writes it.
public sealed class FolderStore(string folder, TimeProvider clock) : IReferenceStore
{
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken)
    {
        // Under another name until it is whole: a reader sees all of it or nothing.
        string part = $"{PathOf(key)}.part";
        await File.WriteAllBytesAsync(part, value, cancellationToken);
        File.SetLastWriteTimeUtc(part, clock.GetUtcNow().UtcDateTime + ttl);
        File.Move(part, PathOf(key), overwrite: true);
    }

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A file that is not there was written in 1601.
        if (File.GetLastWriteTimeUtc(PathOf(key)) < clock.GetUtcNow().UtcDateTime) return null;
        try
        {
            return await File.ReadAllBytesAsync(PathOf(key), cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        File.Delete(PathOf(key));
        return ValueTask.CompletedTask;
    }

    private string PathOf(string key) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
}

public sealed class FolderStoreTests : ReferenceStoreContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-store-").FullName;

    protected override IReferenceStore Store => new FolderStore(_folder, TimeProvider.System);

    [Fact]
    public Task It_keeps_the_contract() => VerifyAsync();

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
