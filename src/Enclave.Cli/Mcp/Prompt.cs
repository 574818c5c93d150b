using System.Text.Json;
using Enclave.Cli.Parse;
using Enclave.Cli.Terminals;
using Enclave.Models;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Cli.Mcp;

/// <summary>The text that an agent gets at its start: instructions, and the tools with their descriptions and schemas.</summary>
/// <remarks>A model has all of it in its context.</remarks>
internal sealed class Prompt(McpServerOptions server, IEnumerable<Tool> tools)
{
    private readonly (string Name, string Text, int Tokens)[] _parts =
    [
        ("instructions", server.ServerInstructions ?? "", TokenEstimate.Of(server.ServerInstructions?.Length ?? 0)),
        .. tools.Select((tool) => (
            tool.Name, tool.Description ?? "",
            TokenEstimate.Of(tool.Name.Length + (tool.Description?.Length ?? 0) + tool.InputSchema.GetRawText().Length))),
    ];

    public void Print(Terminal terminal, bool json)
    {
        int all = _parts.Sum((part) => part.Tokens);
        if (json)
        {
            terminal.Output.WriteJson(ParseJson.Write((writer) => Write(writer, all)));
            return;
        }

        foreach ((string name, string text, int tokens) in _parts)
        {
            terminal.Output.WriteLine($"{name} ({tokens} tokens)", Ink.Key);
            terminal.Output.WriteLine(text);
            terminal.Output.WriteLine("");
        }

        terminal.Output.WriteLine($"{all} tokens in all, taken for {TokenEstimate.Characters} characters each");
    }

    private void Write(Utf8JsonWriter writer, int all)
    {
        writer.WriteStartObject();
        writer.WriteNumber("tokens", all);
        writer.WriteStartArray("parts");
        foreach ((string name, string text, int tokens) in _parts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteNumber("tokens", tokens);
            writer.WriteString("text", text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
