using System.Text.Json.Nodes;
using Enclave.Tools;

namespace Enclave.Models;

/// <summary>The answer of one run for the model that wrote the script.</summary>
/// <param name="answer">The answer that the model reads.</param>
/// <param name="content">The files that belong to the reply.</param>
internal sealed class CodeReply(JsonObject answer, IReadOnlyList<CodeContent> content)
{
    /// <summary>The answer as text. Code in it stays readable: only what JSON demands is escaped.</summary>
    /// <remarks>The nodes of an answer that waits for its model would take fifty times as much memory.</remarks>
    public string Text { get; } = answer.ToJsonString(ToolJson.Options);

    /// <summary>True if it says what went wrong.</summary>
    public bool IsError { get; } = answer.ContainsKey("error");

    /// <summary>The files that belong to the reply.</summary>
    public IReadOnlyList<CodeContent> Content => content;

    /// <summary>Bytes of memory of the answer.</summary>
    public long Bytes => ((long)Text.Length * sizeof(char)) + Content.Sum((file) => (long)file.Data.Length);
}
