using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Corpus;

namespace Enclave.JavaScript.Tests.Differential;

/// <summary>An acorn that answers one query after another, because each query depends on the answer before.</summary>
internal sealed class AcornSession : IDisposable
{
    private static readonly UTF8Encoding s_utf8 = new(false);
    private readonly Process _node = Process.Start(new ProcessStartInfo(Installed.Node, [NodeScript.Oracle("oracle.mjs"), Installed.Folder, "tree"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        StandardInputEncoding = s_utf8,
        StandardOutputEncoding = s_utf8,
    })!;

    /// <summary>The tree's JSON, or the refusal as { "error", "at" }.</summary>
    public string Ask(string source, SourceGoal goal)
    {
        _node.StandardInput.WriteLine(Acorn.Request(source, goal));
        _node.StandardInput.Flush();
        return _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException("acorn's process ended");
    }

    /// <summary>The disagreement over a text, or null.</summary>
    public Disagreement? Compare(string source, SourceGoal goal)
    {
        try
        {
            return CompareVerdicts(source, goal);
        }
        catch (Exception exception)
        {
            return Disagreement.Thrown(source, goal, exception);
        }
    }

    private Disagreement? CompareVerdicts(string source, SourceGoal goal)
    {
        string answer = Ask(source, goal);
        ParseResult ours = Ours.Parse(source, goal);
        if (answer.StartsWith("{\"type\"", StringComparison.Ordinal))
        {
            if (!ours.Success) return new(DisagreementKind.WeRefuse, source, goal, null, ours.Error);
            return Disagreement.OurTree(source, goal) == answer ? null : new(DisagreementKind.TreesDiffer, source, goal, null, null);
        }

        bool isRefusal = JsonElement.Parse(answer).TryGetProperty("error", out JsonElement error);
        return isRefusal && ours.Success ? new(DisagreementKind.WeAccept, source, goal, error.GetString(), null) : null;
    }

    /// <summary>A short text with the same kind of disagreement and the same cause.</summary>
    public Disagreement Shrink(Disagreement found) =>
        Compare(Shrinking.Of(found.Source, (shorter) => Compare(shorter, found.Goal)?.Cause == found.Cause), found.Goal)!;

    public void Dispose()
    {
        _node.StandardInput.Close();
        _node.WaitForExit();
        _node.Dispose();
    }
}
