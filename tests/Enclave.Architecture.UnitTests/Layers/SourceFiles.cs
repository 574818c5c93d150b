using System.Collections.Concurrent;
using System.IO.Enumeration;
using Enclave.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>The C# of the checkout. All tests of the process share it, so that each file is read once and parsed once.</summary>
internal static class SourceFiles
{
    private static readonly ConcurrentDictionary<string, Lazy<string[]>> s_folders = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, Lazy<string>> s_texts = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, Lazy<SyntaxTree>> s_trees = new(StringComparer.Ordinal);

    private static readonly Lazy<string[]> s_projects = new(() => [.. Named(".csproj")]), s_npmManifests = new(() => [.. Named("/package.json")]);

    /// <summary>The project files of the checkout.</summary>
    public static IReadOnlyList<string> Projects => s_projects.Value;

    /// <summary>The <c>package.json</c> files of the checkout.</summary>
    public static IReadOnlyList<string> NpmManifests => s_npmManifests.Value;

    /// <summary>The files below a folder, without those that a build has left there.</summary>
    public static IReadOnlyList<string> Under(string folder) => Once(s_folders, folder, List);

    /// <summary>The files below a folder that people write.</summary>
    public static IEnumerable<string> Written(string folder) => Under(folder).Where((file) => !file.EndsWith(".g.cs", StringComparison.Ordinal));

    public static string Text(string file) => Once(s_texts, file, File.ReadAllText);

    public static SyntaxTree Tree(string file) => Once(s_trees, file, (path) => CSharpSyntaxTree.ParseText(Text(path), path: path));

    // The dictionary may call its factory twice for one file, and two tests parse at the same time: only the one that is kept does the work.
    private static T Once<T>(ConcurrentDictionary<string, Lazy<T>> known, string name, Func<string, T> make) =>
        known.GetOrAdd(name, (key) => new Lazy<T>(() => make(key))).Value;

    /// <summary>The files whose path has this end. Folders of installed packages and of builds hold more files than all others, and are not entered.</summary>
    private static FileSystemEnumerable<string> Named(string end) =>
        new(Repository.Root, (ref entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && $"/{entry.FileName}".EndsWith(end, StringComparison.Ordinal),
            ShouldRecursePredicate = (ref entry) => entry.FileName is not ("artifacts" or "node_modules"),
        };

    private static string[] List(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where((file) => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
