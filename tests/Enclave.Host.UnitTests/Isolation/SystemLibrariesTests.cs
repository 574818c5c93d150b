using Enclave.Isolation;

namespace Enclave.Host.Tests.Isolation;

/// <summary>The system libraries that the engine needs, and the message if one is missing.</summary>
public sealed class SystemLibrariesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-libraries-");

    [Fact]
    public void A_missing_library_is_named_with_its_Debian_package()
    {
        foreach ((string file, _) in SystemLibraries.All.Where((library) => library.File is not "libatomic.so.1"))
            File.WriteAllText(Path.Combine(_folder.FullName, file), "");

        Assert.Equal(($"libatomic.so.1 not in {_folder.FullName}", "apt-get install -y libatomic1"), SystemLibraries.Missing(_folder.FullName));
    }

    [Fact]
    public void This_machine_lacks_no_library() => Assert.Null(SystemLibraries.Missing(SystemLibraries.Folder()));

    public void Dispose() => _folder.Delete(recursive: true);
}
