using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Corpus;

/// <summary>Queries to acorn, through oracle/oracle.mjs.</summary>
internal static class Acorn
{
    /// <summary>Acorn's answer for each file, in order.</summary>
    public static IEnumerable<FileVerdict> Files(IReadOnlyList<string> paths) =>
        NodeScript.Lines([NodeScript.Oracle("oracle.mjs"), Installed.Folder, "files"], paths)
            .Select((line, i) => FileVerdict.From(paths[i], JsonElement.Parse(line)));

    /// <summary>Mutations of programs, with acorn's verdict on each as a script and as a module.</summary>
    public static IEnumerable<Mutation> Mutations(int seed, int from, int to) =>
        NodeScript.Lines([NodeScript.Oracle("oracle.mjs"), Installed.Folder, "mutations", $"{seed}", $"{from}", $"{to}"], [])
            .Select((line) => Mutation.From(JsonElement.Parse(line)));

    /// <summary>The complete JSON of acorn's tree.</summary>
    public static string Tree(string source, SourceGoal goal)
    {
        return NodeScript.Lines([NodeScript.Oracle("oracle.mjs"), Installed.Folder, "tree"], [Request(source, goal)]).Single();
    }

    /// <summary>A query for the oracle's mode "tree".</summary>
    public static string Request(string source, SourceGoal goal) =>
        JsonSerializer.Serialize(
            new { source = Convert.ToBase64String(MemoryMarshal.AsBytes(source.AsSpan())), goal = goal == SourceGoal.Module ? "module" : "script" });
}

/// <summary>Acorn's answer for one text and one goal.</summary>
/// <param name="Hash">The digest of the tree's JSON; null if there is none.</param>
/// <param name="Error">The reason why there is no tree.</param>
/// <param name="IsTrouble">Acorn failed without a verdict, for example for lack of stack.</param>
internal sealed record AcornVerdict(string? Hash, string? Error, bool IsTrouble)
{
    public bool Accepts => Hash is not null;

    public static AcornVerdict From(JsonElement said)
    {
        if (said.TryGetProperty("hash", out JsonElement hash)) return new(hash.GetString(), null, false);
        bool isTrouble = said.TryGetProperty("trouble", out JsonElement trouble);
        return new(null, isTrouble ? trouble.GetString() : said.GetProperty("error").GetString(), isTrouble);
    }
}

/// <summary>Acorn's answer for a file: a tree with the first goal that gives one, or two refusals.</summary>
internal sealed record FileVerdict(string Path, SourceGoal? Goal, string? Hash)
{
    public static FileVerdict From(string path, JsonElement said)
    {
        if (!said.TryGetProperty("goal", out JsonElement goal)) return new(path, null, null);
        return new(path, goal.GetString() == "module" ? SourceGoal.Module : SourceGoal.Script, said.GetProperty("hash").GetString());
    }
}

/// <summary>A mutated program and acorn's two verdicts.</summary>
internal sealed record Mutation(int Index, string Source, AcornVerdict Script, AcornVerdict Module)
{
    public static Mutation From(JsonElement said) => new(
        said.GetProperty("index").GetInt32(),
        MemoryMarshal.Cast<byte, char>(said.GetProperty("source").GetBytesFromBase64()).ToString(),
        AcornVerdict.From(said.GetProperty("script")),
        AcornVerdict.From(said.GetProperty("module")));

    public AcornVerdict As(SourceGoal goal) => goal == SourceGoal.Module ? Module : Script;
}
