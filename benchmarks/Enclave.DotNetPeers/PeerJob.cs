using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.DotNetPeers;

/// <summary>
/// A job for a peer. Only text crosses into an engine, as for the peers in node: the code, and JSON for arguments, tool calls and the answer.
/// </summary>
/// <param name="Tools">Not null if the job may call the tool <c>echo</c>.</param>
internal sealed record PeerJob(string Code, JsonElement Args, JsonElement? Expect, double TimeMs, int MemoryMb, JsonElement? Tools)
{
    /// <summary>
    /// The job as a function of its arguments as JSON text and of a function that takes a tool's name and JSON text, and returns a promise of JSON text.
    /// It returns a promise of the answer as JSON text.
    /// </summary>
    public string Source => _source ??= $$"""
        (argsText, callToolText) => (async (args, callTool) => {
        {{Code}}
        })(
            JSON.parse(argsText),
            async (name, args) => JSON.parse(await callToolText(name, JSON.stringify(args)))
        ).then(value => JSON.stringify(value))
        """;

    public string ArgsText => _argsText ??= Args.GetRawText();

    public TimeSpan TimeLimit => TimeSpan.FromMilliseconds(TimeMs);

    /// <summary>Answers a tool call: JSON text in and out. The tool <c>echo</c> unless set otherwise.</summary>
    public Func<string, string, Task<string>> CallTool { get; init; } = (_, text) => Task.FromResult(JsonNode.Parse(text)!.ToJsonString());

    private string? _source, _argsText;

    /// <exception cref="InvalidDataException">The answer is wrong.</exception>
    public void Check(string answer)
    {
        using JsonDocument actual = JsonDocument.Parse(answer);
        if (!JsonElement.DeepEquals(actual.RootElement, Expect!.Value)) throw new InvalidDataException($"wrong answer: {answer}");
    }
}
