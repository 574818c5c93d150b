using System.Collections.Concurrent;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>The folders of a project, which of them use each other, and through which types.</summary>
internal sealed class FolderGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, SortedSet<string>>> _examples = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, Lazy<FolderGraph>> s_ofProject = new(StringComparer.Ordinal);

    /// <summary>The types whose files lie in more than one folder.</summary>
    public List<string> Scattered { get; } = [];

    /// <summary>Every folder with a type.</summary>
    public IReadOnlyCollection<string> Folders => _examples.Keys;

    /// <summary>Returns the graph of a project under <c>src</c>, the same one for all tests.</summary>
    public static FolderGraph OfProject(string project) => s_ofProject.GetOrAdd(project, (name) => new(() =>
        Read(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), Path.Combine(SourceProjects.Folder, name), "/src/"))).Value;

    /// <param name="assemblyPath">The compiled project, with its debug information beside it.</param>
    /// <param name="source">The folder with the project's source.</param>
    /// <param name="root">The end of the path that all folders are relative to, with a slash on both sides: <c>/src/</c>.</param>
    public static FolderGraph Read(string assemblyPath, string source, string root)
    {
        using PEReader assembly = new(File.OpenRead(assemblyPath));
        using MetadataReaderProvider symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assemblyPath, "pdb")));
        MetadataReader reader = assembly.GetMetadataReader();
        SourceFolders folders = new(reader, symbols.GetMetadataReader(), root);
        FolderGraph graph = new();
        foreach (TypeDefinitionHandle type in reader.TypeDefinitions)
        {
            if (folders.Of(type).Count > 1) graph.Scattered.Add($"{OutermostTypes.NameOf(reader, type)} ({string.Join(", ", folders.Of(type))})");
            foreach (string folder in folders.Of(type)) graph.UsesOf(folder);
        }
        foreach ((TypeDefinitionHandle from, TypeDefinitionHandle to) in new TypeUses(assembly, reader).All())
        {
            graph.Add(folders.Of(from), folders.Of(to), $"{OutermostTypes.NameOf(reader, from)} → {OutermostTypes.NameOf(reader, to)}");
        }
        bool IsKnown(string from, string to) => from == to || graph.UsesOf(from).ContainsKey(to);
        foreach ((string from, string to, string example) in new SourceUses(source, root).Unknown(IsKnown)) graph.Add([from], [to], example);
        return graph;
    }

    /// <summary>Returns the sets of folders that use each other, directly or through others.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Circles()
    {
        Dictionary<string, HashSet<string>> reached = _examples.Keys.ToDictionary((folder) => folder, Reached);
        return [.. _examples.Keys
            .Where((folder) => reached[folder].Contains(folder))
            .GroupBy((folder) => string.Join(' ', reached[folder].Where((other) => reached[other].Contains(folder)).Order(StringComparer.Ordinal)))
            .Select((circle) => (IReadOnlyList<string>)[.. circle])];
    }

    /// <summary>Names the arrows of a circle, each with some of the types that cause it.</summary>
    public string Describe(IReadOnlyList<string> circle, int examples)
    {
        IEnumerable<string> arrows = circle.SelectMany((from) => _examples[from]
            .Where((to) => circle.Contains(to.Key))
            .Select((to) => $"  {from} → {to.Key} ({to.Value.Count}): {Some(to.Value, examples)}"));
        return $"{string.Join(", ", circle)} use each other:\n{string.Join('\n', arrows)}";
    }

    /// <summary>Names the arrows from a folder to one that comes after it in this order, each with its types.</summary>
    public IEnumerable<string> Against(IReadOnlyList<string> order) =>
        from lower in Enumerable.Range(0, order.Count)
        from upper in Enumerable.Range(lower + 1, order.Count - lower - 1)
        let uses = _examples[order[lower]]
        where uses.ContainsKey(order[upper])
        select $"{order[lower]} → {order[upper]}: {string.Join(", ", uses[order[upper]])}";

    private static string Some(SortedSet<string> uses, int count) => string.Join(", ", uses.Take(count)) + (uses.Count > count ? ", …" : "");

    private SortedDictionary<string, SortedSet<string>> UsesOf(string folder)
    {
        if (!_examples.TryGetValue(folder, out SortedDictionary<string, SortedSet<string>>? uses)) _examples[folder] = uses = new(StringComparer.Ordinal);
        return uses;
    }

    private void Add(IEnumerable<string> from, IReadOnlyCollection<string> to, string example)
    {
        foreach (string user in from)
        {
            foreach (string used in to.Where((folder) => folder != user))
            {
                SortedDictionary<string, SortedSet<string>> uses = UsesOf(user);
                if (!uses.TryGetValue(used, out SortedSet<string>? examples)) uses[used] = examples = new(StringComparer.Ordinal);
                examples.Add(example);
            }
        }
    }

    private HashSet<string> Reached(string start)
    {
        HashSet<string> reached = new(StringComparer.Ordinal);
        Stack<string> open = new([start]);
        while (open.TryPop(out string? folder))
        {
            if (!_examples.TryGetValue(folder, out SortedDictionary<string, SortedSet<string>>? uses)) continue;
            foreach (string next in uses.Keys.Where(reached.Add)) open.Push(next);
        }
        return reached;
    }
}
