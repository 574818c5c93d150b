using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Protocol;

namespace Enclave.Cli.Tools;

/// <summary>Answers a call with the output of a shell command: as JSON if it is valid, otherwise as text.</summary>
internal sealed class CommandTool(string command, ToolProcesses processes) : ICommandLineTool
{
    private const int MaxMessageCharacters = 500;

    // Values may be 100 levels deep; JsonDocument's default is 64.
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 128 };

    public async ValueTask<object?> CallAsync(ScriptValue args, CancellationToken cancellationToken)
    {
        using ToolProcess process = processes.Start(command);
        using CancellationTokenRegistration ended = cancellationToken.Register(process.Kill);
        ToolOutput output = await process.RunAsync(args.ToJsonString()).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (output.ExitCode != 0) throw new ToolException(Complaint(output));
        return Value(output.Text);
    }

    private static string Complaint(ToolOutput output)
    {
        string said = output.Complaint.Trim();
        if (said.Length == 0) return $"the command ended with exit code {output.ExitCode} and no error message";
        return said.Length > MaxMessageCharacters ? said[..MaxMessageCharacters] : said;
    }

    private static ScriptValue Value(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text, s_json);
            return ScriptValue.From(json.RootElement);
        }
        catch (ArgumentException wrong)
        {
            throw new ToolException($"the command's answer cannot be passed to a script: {wrong.Message}", wrong);
        }
        catch (JsonException)
        {
            // Like the shell's $(…), but for one line end only.
            return ScriptValue.From(text.EndsWith('\n') ? text[..^1] : text);
        }
    }
}
