using System.Text;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Corpus;

/// <summary>The npm packages of eng/javascript, installed by ./test.sh.</summary>
internal static class Installed
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "npm", "javascript");

    public static string Node { get; } = Path.Combine(Repository.Root, "artifacts", "engine", "node");

    private static string Source { get; } = Path.Combine(Repository.Root, "eng", "javascript");

    public static bool IsComplete => File.Exists(Package("acorn", "package.json")) && File.Exists(Node);

    public static string Package(string name, string path) => Path.Combine(Folder, "node_modules", name, path);

    /// <summary>Skips the test and says how to install the missing packages.</summary>
    public static void SkipIfMissing()
    {
        if (IsComplete) return;
        Assert.Skip($"{Folder} or {Node} is not installed. Run ./test.sh, or: mkdir -p {Folder} && cp {Source}/package*.json {Source}/.npmrc {Folder} && (cd " +
            $"{Folder} && npm ci)");
    }

    /// <summary>A file's text as node reads it: a byte order mark stays, malformed UTF-8 becomes U+FFFD.</summary>
    public static string Read(string path) => Encoding.UTF8.GetString(File.ReadAllBytes(path));

    /// <summary>Paths of about this many megabytes from every package, or of everything.</summary>
    public static IReadOnlyList<string> Files(int? megabytes)
    {
        string[] slice = megabytes is null ? [] : ["--slice", $"{megabytes}"];
        return [.. NodeScript.Lines([Path.Combine(Source, "corpus.mjs"), Folder, .. slice], []).Select((line) => line.Split('\t')[2])];
    }
}
