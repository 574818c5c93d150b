namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>A typed file of an installed npm package.</summary>
internal sealed record PublishedFile(string Package, string Path)
{
    /// <summary>The package and the path in it, with slashes.</summary>
    public string Name { get; } = System.IO.Path.GetRelativePath(System.IO.Path.Combine(Compiler.Folder, "node_modules"), Path).Replace('\\', '/');

    public SourceLanguage Language => Path.EndsWith(".d.ts", StringComparison.Ordinal) || Path.EndsWith(".d.mts", StringComparison.Ordinal)
        ? SourceLanguage.TypeScriptDeclarations
        : SourceLanguage.TypeScript;
}
