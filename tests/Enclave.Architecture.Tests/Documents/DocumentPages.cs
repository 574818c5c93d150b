using Enclave.Tests;

namespace Enclave.Architecture.Tests.Documents;

/// <summary>The pages that people write: README, the pages of the packages, and everything in docs except the reference, which comes from comments.</summary>
internal static class DocumentPages
{
    public static IEnumerable<string> All() =>
    [
        Path.Combine(Repository.Root, "README.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "eng", "packages"), "*.md").Order(StringComparer.Ordinal),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Where((file) => Path.GetFileName(Path.GetDirectoryName(file)) != "api").Order(StringComparer.Ordinal),
    ];

    public static string NameOf(string file) => Path.GetRelativePath(Repository.Root, file);
}
