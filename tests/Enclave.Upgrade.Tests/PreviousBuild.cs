using System.Formats.Tar;
using System.IO.Compression;
using Enclave.Tests;
using Enclave.Upgrade.Tests;

[assembly: AssemblyFixture(typeof(PreviousBuild))]

namespace Enclave.Upgrade.Tests;

/// <summary>The build of the previous protocol version, unpacked into programs that can be started (Previous/README.md).</summary>
/// <remarks>
/// A host starts only the engine that it was built with, and engines are built on each machine. So a broker, whose scripts run elsewhere or are simulated,
/// is the complete previous build. A runtime has the present host below the previous communication code, which uses only the host's public members.
/// Third-party packages are the present ones.
/// </remarks>
public sealed class PreviousBuild : IAsyncLifetime
{
    private const string Program = "Enclave.UpgradePeer.dll";

    private static readonly string[] s_below =
    [
        "Enclave.Host.dll", "Enclave.Durable.dll", "Enclave.OpenApi.dll", "Enclave.Workers.dll", "Enclave.Schemas.dll", "Enclave.Guard.dll",
        "Enclave.JavaScript.dll", "Enclave.Protocol.dll", "Enclave.Testing.dll",
    ];

    private static readonly string s_configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;

    private static readonly string s_present = Path.Combine(Repository.Root, "artifacts", "bin", "Enclave.UpgradePeer", s_configuration);

    private static readonly string s_unpacked = Path.Combine(AppContext.BaseDirectory, "previous");

    /// <summary>The program for a part of a build.</summary>
    internal static string ProgramOf(Build build, string role) => Path.Combine(build == Build.Present ? s_present : Path.Combine(s_unpacked, role), Program);

    public async ValueTask InitializeAsync()
    {
        if (Directory.Exists(s_unpacked)) Directory.Delete(s_unpacked, recursive: true);
        string archive = Assert.Single(Directory.GetFiles(Path.Combine(Repository.Root, "tests", "Enclave.Upgrade.Tests", "Previous"), "version-*.tar.gz"));
        string kept = Path.Combine(s_unpacked, "kept");
        Directory.CreateDirectory(kept);
        await using (FileStream file = File.OpenRead(archive))
        await using (var unzipped = new GZipStream(file, CompressionMode.Decompress))
        {
            await Extract(unzipped, kept);
        }

        foreach (string role in (string[])[Part.Broker, Part.Runtime])
        {
            string folder = Path.Combine(s_unpacked, role);
            foreach (string file in Directory.EnumerateFiles(s_present, "*", SearchOption.AllDirectories))
            {
                string copy = Path.Combine(folder, Path.GetRelativePath(s_present, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            foreach (string file in Directory.EnumerateFiles(kept, "*.dll"))
            {
                if (role == Part.Broker || !s_below.Contains(Path.GetFileName(file)))
                    File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Writes the files of an archive with the permissions of new files: those of the archive keep an ordinary user out of its folder.</summary>
    private static async Task Extract(Stream archive, string folder)
    {
        await using var reader = new TarReader(archive);
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) continue;
            await using FileStream file = File.Create(Path.Combine(folder, Path.GetFileName(entry.Name)));
            await entry.DataStream!.CopyToAsync(file);
        }
    }
}
