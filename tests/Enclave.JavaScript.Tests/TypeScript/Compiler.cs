using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>Queries to npm's typescript, through oracle/typescript.mjs.</summary>
internal static class Compiler
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "npm", "typescript");

    private static string Source { get; } = Path.Combine(Repository.Root, "eng", "typescript");

    public static void SkipIfMissing()
    {
        if (File.Exists(Path.Combine(Folder, "node_modules", "typescript", "package.json")) && File.Exists(Installed.Node)) return;
        Assert.Skip($"{Folder} or {Installed.Node} is not installed. Run ./test.sh, or: mkdir -p {Folder} && cp {Source}/package*.json {Source}/.npmrc " +
            $"{Folder} && (cd {Folder} && npm ci)");
    }

    /// <summary>Files of about this many megabytes from every package, or of everything.</summary>
    public static IReadOnlyList<PublishedFile> Files(int? megabytes)
    {
        string[] slice = megabytes is null ? [] : ["--slice", $"{megabytes}"];
        string list = Path.Combine(Repository.Root, "eng", "javascript", "corpus.mjs");
        return [.. NodeScript.Lines([list, Folder, "--typescript", .. slice], []).Select((line) => line.Split('\t'))
            .Select((parts) => new PublishedFile(parts[0], parts[2]))];
    }

    public static IEnumerable<(PublishedFile File, CompilerAnswer Answer)> Judge(IReadOnlyList<PublishedFile> files) =>
        Ask("files", [], [.. files.Select((file) => file.Path)]).Select((said, i) => (files[i], CompilerAnswer.From(said)));

    public static CompilerAnswer JudgeText(string text) => CompilerAnswer.From(Ask("text", [], [Encode(text)]).Single());

    public static IEnumerable<(int Index, string Source, CompilerAnswer Answer)> Mutations(int seed, int from, int to) =>
        Ask("mutations", [$"{seed}", $"{from}", $"{to}"], [])
            .Select((said) => (said.GetProperty("index").GetInt32(), Decode(said.GetProperty("source")), CompilerAnswer.From(said)));

    public static string Decode(JsonElement text) => MemoryMarshal.Cast<byte, char>(text.GetBytesFromBase64()).ToString();

    private static string Encode(string text) => Convert.ToBase64String(MemoryMarshal.AsBytes(text.AsSpan()));

    private static IEnumerable<JsonElement> Ask(string mode, string[] arguments, IReadOnlyList<string> input) =>
        NodeScript.Lines([NodeScript.Oracle("typescript.mjs"), Folder, mode, .. arguments], input).Select((line) => JsonElement.Parse(line));
}

/// <summary>The compiler's answer for a text.</summary>
/// <param name="Error">The reason for a refusal; null if it is accepted.</param>
/// <param name="Kept">The first part that cannot be erased.</param>
/// <param name="Goal">Script or module.</param>
/// <param name="JavaScript">The compiler's output; null for declaration files.</param>
/// <param name="Blank">The text with blanks for its types, if that is possible.</param>
/// <param name="Rule">A grammar rule that its parser ignores and its checker enforces.</param>
internal sealed record CompilerAnswer(string? Error, string? Kept, SourceGoal Goal, string? JavaScript, string? Blank, string? Rule)
{
    /// <summary>True if the output is of an enum, which becomes something else than with us.</summary>
    public bool HasEnum { get; private init; }

    /// <summary>True if the compiler failed without a verdict.</summary>
    public bool IsTrouble { get; private init; }

    public static CompilerAnswer From(JsonElement said)
    {
        if (said.TryGetProperty("trouble", out _)) return new(null, null, SourceGoal.Module, null, null, null) { IsTrouble = true };
        SourceGoal goal = Text("goal") == "module" ? SourceGoal.Module : SourceGoal.Script;
        if (Text("error") is { } error) return new(error, null, goal, null, null, null);
        bool hasEnum = said.TryGetProperty("enum", out JsonElement found) && found.GetBoolean();
        return new(null, Text("kept"), goal, Units("js"), Units("blank"), Text("rule")) { HasEnum = hasEnum };

        string? Text(string name) => said.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        string? Units(string name) => said.TryGetProperty(name, out JsonElement value) ? Compiler.Decode(value) : null;
    }
}
