using System.Text.Json;
using System.Xml.Linq;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;

namespace Enclave.Architecture.UnitTests;

/// <summary>Builds use only locked dependencies.</summary>
public sealed class DependencyTests
{
    [Fact]
    public void S3_A_build_restores_what_the_lock_files_say_and_nothing_else()
    {
        Assert.Contains(
            "-p:RestoreLockedMode=\"${RESTORE_LOCKED:-true}\"", File.ReadAllText(Path.Combine(Repository.Root, "eng", "setup.sh")), StringComparison.Ordinal);
        Assert.Equal("true", XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("RestorePackagesWithLockFile").Single().Value);
        // Only eng/update-engine.sh may choose another version, and it records the new one.
        Assert.All(["eng/setup.sh", "eng/common.sh", "test.sh", "bench.sh", "enclave"], (script) => Assert.DoesNotContain(
            "npm install", File.ReadAllText(Path.Combine(Repository.Root, script)), StringComparison.Ordinal));
    }

    [Fact]
    public void S3_Every_project_has_its_lock_file()
    {
        foreach (string project in SourceFiles.Projects)
        {
            string path = Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json");
            Assert.True(File.Exists(path), $"{path} is missing");
            JsonElement packages = JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("dependencies");
            Assert.All(packages.EnumerateObject().SelectMany((framework) => framework.Value.EnumerateObject()), (package) => Assert.True(
                package.Value.GetProperty("type").GetString() == "Project" || package.Value.TryGetProperty("contentHash", out _),
                $"{package.Name} in {path} has no hash"));
        }
    }

    [Fact]
    public void S3_Every_npm_package_is_locked_by_its_hash()
    {
        foreach (string manifest in SourceFiles.NpmManifests)
        {
            string path = Path.Combine(Path.GetDirectoryName(manifest)!, "package-lock.json");
            Assert.True(File.Exists(path), $"{path} is missing");
            JsonElement packages = JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("packages");
            Assert.All(packages.EnumerateObject().Where((package) => package.Name.Length > 0), (package) => Assert.True(
                package.Value.TryGetProperty("integrity", out _), $"{package.Name} in {path} has no hash"));
        }
    }
}
