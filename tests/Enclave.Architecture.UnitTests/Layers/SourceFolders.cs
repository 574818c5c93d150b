using System.Reflection.Metadata;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>The folder of each type's source, from the debug information of a compiled project.</summary>
/// <remarks>A type belongs to the folder of its file, whatever its namespace is. Generated types have no folder.</remarks>
internal sealed class SourceFolders
{
    // The compiler records here the files of types without statements, such as enums and interfaces.
    private static readonly Guid s_typeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly Dictionary<TypeDefinitionHandle, SortedSet<string>> _foldersOfType = [];
    private readonly MetadataReader _symbols;
    private readonly string _root;

    /// <param name="types">The metadata of the assembly.</param>
    /// <param name="symbols">The metadata of its debug information.</param>
    /// <param name="root">The end of the path that all folders are relative to, with a slash on both sides: <c>/src/</c>.</param>
    public SourceFolders(MetadataReader types, MetadataReader symbols, string root)
    {
        _symbols = symbols;
        _root = root;
        foreach (TypeDefinitionHandle type in types.TypeDefinitions)
        {
            TypeDefinitionHandle outermost = OutermostTypes.Of(types, type);
            foreach (MethodDefinitionHandle method in types.GetTypeDefinition(type).GetMethods())
            {
                AddMethod(outermost, symbols.GetMethodDebugInformation(method));
            }
            AddNoted(outermost, type);
        }
    }

    /// <summary>Returns the folders with files of the type; none for generated types.</summary>
    public IReadOnlyCollection<string> Of(TypeDefinitionHandle type) => _foldersOfType.TryGetValue(type, out SortedSet<string>? folders) ? folders : [];

    private void AddMethod(TypeDefinitionHandle type, MethodDebugInformation method)
    {
        if (!method.Document.IsNil) AddDocument(type, method.Document);
        foreach (SequencePoint point in method.GetSequencePoints())
        {
            if (!point.Document.IsNil) AddDocument(type, point.Document);
        }
    }

    private void AddNoted(TypeDefinitionHandle outermost, TypeDefinitionHandle type)
    {
        foreach (CustomDebugInformationHandle handle in _symbols.GetCustomDebugInformation(type))
        {
            CustomDebugInformation information = _symbols.GetCustomDebugInformation(handle);
            if (_symbols.GetGuid(information.Kind) != s_typeDocuments) continue;
            BlobReader rows = _symbols.GetBlobReader(information.Value);
            while (rows.RemainingBytes > 0)
            {
                AddDocument(outermost, System.Reflection.Metadata.Ecma335.MetadataTokens.DocumentHandle(rows.ReadCompressedInteger()));
            }
        }
    }

    private void AddDocument(TypeDefinitionHandle type, DocumentHandle handle)
    {
        string path = _symbols.GetString(_symbols.GetDocument(handle).Name).Replace('\\', '/');
        int start = path.LastIndexOf(_root, StringComparison.Ordinal);
        // Generated files lie under obj, or have no path.
        if (start < 0 || path.Contains("/obj/", StringComparison.Ordinal)) return;
        string file = path[(start + _root.Length)..];
        int end = file.LastIndexOf('/');
        if (end < 0) return;
        if (!_foldersOfType.TryGetValue(type, out SortedSet<string>? folders)) _foldersOfType[type] = folders = new(StringComparer.Ordinal);
        folders.Add(file[..end]);
    }
}
