using System.Text.RegularExpressions;
using Enclave.Tests;

namespace Enclave.Architecture.Tests.Layers;

/// <summary>The files that docs/architecture.md names for readers exist.</summary>
public sealed partial class WhereToLookTests
{
    [Fact]
    public void Every_file_that_the_architecture_names_exists()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

        string[] missing = [.. Named().Matches(text).Select((file) => file.Groups[1].Value).Distinct().Where((file) => !Places(file).Any(File.Exists))];

        Assert.Empty(missing);
    }

    /// <summary>A file is named relative to its project (<c>Host/Pool/TenantQueues.cs</c>), the worker's folder (<c>native/main.cc</c>) or the root.</summary>
    private static string[] Places(string file) =>
    [
        Path.Combine(SourceProjects.Folder, $"Enclave.{file}"), Path.Combine(SourceProjects.Folder, file),
        Path.Combine(SourceProjects.Folder, "Enclave.Worker", file), Path.Combine(Repository.Root, file),
    ];

    [GeneratedRegex(@"`((?:[A-Za-z.]+/)+[A-Za-z_.]+\.(?:cs|js|cc|h))`")]
    private static partial Regex Named();
}
