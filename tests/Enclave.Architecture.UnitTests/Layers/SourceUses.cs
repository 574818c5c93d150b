using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>
/// Finds the folders that a project's source names: with <c>using</c> directives, and with the names of types. It sees what the compiled project no longer
/// has: constants, <c>nameof</c>, and a <c>using</c> that nothing needs. Names in comments do not count.
/// </summary>
internal sealed class SourceUses
{
    private static readonly Lazy<PortableExecutableReference[]> s_platform = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select((path) => MetadataReference.CreateFromFile(path)),
    ]);

    private readonly string _root;
    private readonly SyntaxTree[] _files;
    private readonly ILookup<string, string> _foldersOfNamespace;
    private readonly ILookup<string, string> _foldersOfType;
    private readonly CSharpCompilation _compilation;

    /// <param name="folder">The folder with the source.</param>
    /// <param name="root">The end of the path that all folders are relative to, with a slash on both sides: <c>/src/</c>.</param>
    public SourceUses(string folder, string root)
    {
        _root = root;
        _files = [.. SourceFiles.Under(folder).Select(SourceFiles.Tree)];
        _foldersOfNamespace = Declared<BaseNamespaceDeclarationSyntax>((space) => space.Name.ToString());
        _foldersOfType = Declared<BaseTypeDeclarationSyntax>((type) => type.Identifier.Text);
        // Without the project's own assembly, whose types would be there twice.
        _compilation = CSharpCompilation.Create(Path.GetFileName(folder), _files,
            s_platform.Value.Where((reference) => Path.GetFileNameWithoutExtension(reference.FilePath) != Path.GetFileName(folder)));
    }

    /// <summary>Returns the uses of other folders that are not known yet.</summary>
    public IEnumerable<(string From, string To, string Example)> Unknown(Func<string, string, bool> isKnown)
    {
        foreach (SyntaxTree file in _files)
        {
            string from = FolderOf(file), user = Path.GetFileNameWithoutExtension(file.FilePath);
            // A new model would bind the members of the file again for each name.
            Lazy<SemanticModel> model = new(() => _compilation.GetSemanticModel(file));
            foreach (SyntaxNode node in file.GetRoot().DescendantNodes())
            {
                // A namespace of several folders is the project's own: the names of its types tell which folder is meant.
                if (node is UsingDirectiveSyntax { Name: { } space } && _foldersOfNamespace[space.ToString()].ToArray() is [string only]
                    && !isKnown(from, only))
                {
                    yield return (from, only, $"{user}.cs: using {space}");
                }

                if (node is not SimpleNameSyntax { Parent: not NameEqualsSyntax } name) continue;
                foreach (string to in _foldersOfType[name.Identifier.Text])
                {
                    if (!isKnown(from, to) && IsTypeOf(to, name, model.Value)) yield return (from, to, $"{user} → {name.Identifier.Text}");
                }
            }
        }
    }

    /// <summary>Whether the name stands for the type in the folder: members, nested types and types of other projects may have its name.</summary>
    private bool IsTypeOf(string folder, SimpleNameSyntax name, SemanticModel model)
    {
        SymbolInfo found = model.GetSymbolInfo(name);
        ISymbol? symbol = found.Symbol ?? found.CandidateSymbols.FirstOrDefault();
        // An attribute's name and a 'new' stand for the constructor. A name that cannot be resolved is not assumed to be harmless.
        if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor) symbol = constructor.ContainingType;
        return symbol is null || (symbol is ITypeSymbol && symbol.DeclaringSyntaxReferences.Any((declared) => FolderOf(declared.SyntaxTree) == folder));
    }

    private ILookup<string, string> Declared<T>(Func<T, string> nameOf) where T : SyntaxNode => _files
        .SelectMany((file) => file.GetRoot().DescendantNodes((node) => node is not BaseTypeDeclarationSyntax).OfType<T>()
            .Select((node) => (Name: nameOf(node), Folder: FolderOf(file))))
        .Where((declared) => !declared.Name.StartsWith("Microsoft.", StringComparison.Ordinal))
        .Distinct().ToLookup((declared) => declared.Name, (declared) => declared.Folder);

    private string FolderOf(SyntaxTree file) =>
        file.FilePath[(file.FilePath.LastIndexOf(_root, StringComparison.Ordinal) + _root.Length)..file.FilePath.LastIndexOf('/')];
}
