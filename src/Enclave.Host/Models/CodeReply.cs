using System.Text.Json.Nodes;

namespace Enclave.Models;

/// <summary>The answer of one run for the model that wrote the script.</summary>
/// <param name="Answer">What it reads.</param>
/// <param name="Content">The files that go with it.</param>
internal sealed record CodeReply(JsonObject Answer, IReadOnlyList<CodeContent> Content);
