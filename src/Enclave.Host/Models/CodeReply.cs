using System.Text.Json.Nodes;
using Enclave.Tools;

namespace Enclave.Models;

/// <summary>The answer of one run for the model that wrote the script.</summary>
/// <param name="Answer">What it reads.</param>
/// <param name="Content">The files that go with it.</param>
internal sealed record CodeReply(JsonObject Answer, IReadOnlyList<CodeContent> Content)
{
    /// <summary>The answer as text. Code in it stays readable: only what JSON demands is escaped.</summary>
    public string Text => Answer.ToJsonString(ToolJson.Options);
}
