using System.Reflection;
using System.Xml.Linq;
using Enclave.Tests;
using Microsoft.CodeAnalysis;

namespace Enclave.Architecture.Tests.Documents;

/// <summary>The references of a project with certain packages: their assemblies, those that they need, and the framework.</summary>
internal static class SampleReferences
{
    private static readonly string[] s_platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    private static readonly Dictionary<string, PortableExecutableReference> s_read = [];

    private static readonly Lock s_lock = new();

    public static IReadOnlyList<MetadataReference> Of(IEnumerable<string> packages)
    {
        string[] own = [.. s_platform.Where((path) => !IsFramework(path))];
        var wanted = new Queue<string>(packages.SelectMany((package) => own.Where((path) => Belongs(Path.GetFileNameWithoutExtension(path), package))));
        var taken = new HashSet<string>(StringComparer.Ordinal);
        while (wanted.TryDequeue(out string? path))
        {
            if (!taken.Add(path)) continue;
            foreach (AssemblyName needed in Assembly.Load(AssemblyName.GetAssemblyName(path)).GetReferencedAssemblies())
            {
                if (own.FirstOrDefault((other) => Path.GetFileNameWithoutExtension(other) == needed.Name) is { } file) wanted.Enqueue(file);
            }
        }

        lock (s_lock) return [.. s_platform.Where(IsFramework).Concat(taken).Select(Read)];
    }

    private static bool IsFramework(string path) => path.Contains("/shared/Microsoft.", StringComparison.Ordinal);

    /// <summary>Each of our packages has the assemblies that its project lists. Others may have several whose names begin with theirs.</summary>
    private static bool Belongs(string assembly, string package) =>
        package.StartsWith("Enclave.", StringComparison.Ordinal)
            ? assembly == package || Inside(package).Contains(assembly)
            : assembly == package || assembly.StartsWith($"{package}.", StringComparison.Ordinal);

    /// <summary>The assemblies of one of our packages (eng/packages/Package.targets); none for a project that is no package.</summary>
    private static string[] Inside(string package)
    {
        string project = Path.Combine(Repository.Root, "src", package, $"{package}.csproj");
        if (!File.Exists(project)) return [];
        return XDocument.Load(project).Descendants("PackageInside").SingleOrDefault()?.Value.Split(';', StringSplitOptions.TrimEntries) ?? [];
    }

    private static PortableExecutableReference Read(string path) =>
        s_read.TryGetValue(path, out PortableExecutableReference? reference) ? reference : s_read[path] = MetadataReference.CreateFromFile(path);
}
