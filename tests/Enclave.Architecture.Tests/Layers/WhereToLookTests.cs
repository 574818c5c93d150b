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

    [Fact]
    public void Twenty_tasks_name_the_file_to_open()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        string section = text.Split("## Where to change what", 2)[1].Split("\n## ", 2)[0];

        string[] tasks = [.. section.Split('\n').Where((line) => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];

        Assert.True(tasks.Length >= 20, $"{tasks.Length} tasks");
        Assert.All(tasks, (task) => Assert.Contains(Named().Matches(task), (file) => Places(file.Groups[1].Value).Any(File.Exists)));
    }

    /// <summary>A file is named relative to its project (<c>Host/Pool/TenantQueues.cs</c>), the worker's folder (<c>native/main.cc</c>) or the root.</summary>
    private static string[] Places(string file) =>
    [
        Path.Combine(SourceProjects.Folder, $"Enclave.{file}"), Path.Combine(SourceProjects.Folder, file),
        Path.Combine(SourceProjects.Folder, "Enclave.Worker", file), Path.Combine(Repository.Root, file),
    ];

    [GeneratedRegex(@"`((?:[A-Za-z.]+/)+[A-Za-z0-9_.-]+\.(?:cs|js|cc|h|sql|txt))`")]
    private static partial Regex Named();
}
