using Enclave.Isolation;
using Enclave.Workers;

namespace Enclave.Host.Tests.Workers;

/// <summary>Where a worker's .NET comes from, and what is said when it is nowhere.</summary>
public sealed class EngineFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-worker-");

    [Fact]
    public void A_workers_own_framework_comes_before_the_one_this_process_runs_on()
    {
        string own = Path.Combine(_folder.FullName, "framework");
        Directory.CreateDirectory(own);
        File.WriteAllText(Path.Combine(own, "libcoreclr.so"), "");

        Assert.Equal(own, EngineFiles.FindFramework(_folder.FullName, typeof(object).Assembly.Location));
    }

    [Fact]
    public void A_program_on_a_shared_framework_shares_it() =>
        Assert.Equal(Path.GetDirectoryName(typeof(object).Assembly.Location), EngineFiles.FindFramework(_folder.FullName, typeof(object).Assembly.Location));

    [Fact]
    public void A_single_file_without_the_workers_framework_is_refused_with_the_remedy() => AssertRefused(coreLibrary: "");

    [Fact]
    public void A_self_contained_program_never_shows_its_own_folder_to_a_worker() => AssertRefused(Path.Combine(AppContext.BaseDirectory, "System.Private.CoreLib.dll"));

    [Fact]
    public void A_missing_library_is_named_with_its_Debian_package()
    {
        foreach ((string file, _) in SystemLibraries.All.Where((library) => library.File is not "libatomic.so.1")) File.WriteAllText(Path.Combine(_folder.FullName, file), "");

        Assert.Equal(($"libatomic.so.1 not in {_folder.FullName}", "apt-get install -y libatomic1"), SystemLibraries.Missing(_folder.FullName));
    }

    [Fact]
    public void What_this_machine_runs_on_is_all_there() => Assert.Null(SystemLibraries.Missing(SystemLibraries.Folder()));

    public void Dispose() => _folder.Delete(recursive: true);

    private void AssertRefused(string coreLibrary)
    {
        string message = Assert.Throws<DirectoryNotFoundException>(() => EngineFiles.FindFramework(_folder.FullName, coreLibrary)).Message;

        Assert.All([Path.Combine(_folder.FullName, "framework"), "--no-self-contained", "docs/packages.md"], (word) => Assert.Contains(word, message, StringComparison.Ordinal));
    }
}
