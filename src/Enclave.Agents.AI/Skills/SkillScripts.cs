using System.Text;
using System.Text.Json;
using Enclave.Extensions.AI;
using Enclave.Models;
using Enclave.Protocol;
using Microsoft.Agents.AI;

namespace Enclave.Agents.AI.Skills;

/// <summary>Runs script files of skills on a host.</summary>
internal sealed class SkillScripts(IEnclave enclave, RunOptions run)
{
    /// <summary>The longest file: as long as an answer of a model may be (<see cref="ModelText.ExtractProgram"/>).</summary>
    private const int MaxBytes = 10 << 20;

    private static readonly string[] s_extensions = [".js", ".mjs", ".cjs", ".ts", ".mts"];

    public async Task<object?> RunAsync(
        AgentFileSkill skill, AgentFileSkillScript script, JsonElement? arguments, IServiceProvider? services, CancellationToken cancellationToken)
    {
        if (!s_extensions.Contains(Path.GetExtension(script.FullPath), StringComparer.OrdinalIgnoreCase))
            return Failed($"{script.Name} cannot run: scripts of skills are JavaScript or TypeScript ({string.Join(", ", s_extensions)}).");
        string? source = await ReadAsync(script.FullPath, cancellationToken).ConfigureAwait(false);
        if (source is null) return Failed($"{script.Name} cannot run: it is larger than {MaxBytes} bytes.");
        var program = CodeArgument.Read(source, cancellationToken);
        if (!program.Success) return ReplyContent.Of(CodeAnswer.Of(program.Error, AnswerLimits.DefaultTokens));
        var globals = new Dictionary<string, object?>(run.Globals ?? new Dictionary<string, object?>())
        {
            ["args"] = arguments is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given ? given : Array.Empty<object>(),
        };
        RunOptions options = run with { Globals = globals, SourceName = run.SourceName ?? SourceName(script.Name) };
        ExecutionResult result = await enclave.RunAsync(program.Source, program.ApplyTo(options), cancellationToken).ConfigureAwait(false);
        var limits = new AnswerLimits(AnswerLimits.DefaultTokens, AnswerLimits.DefaultContentBytes, run.Conversation is not null);
        return ReplyContent.Of(CodeAnswer.Of(result, limits));
    }

    /// <summary>The text of the file; null if it is too large, also if it grows meanwhile.</summary>
    private static async Task<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > MaxBytes) return null;
        byte[] bytes = new byte[file.Length + 1];
        int count = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return count == bytes.Length ? null : Encoding.UTF8.GetString(bytes.AsSpan(0, count)).TrimStart('\uFEFF');
    }

    private static string SourceName(string name) => name.Length <= 200 ? name : name[^200..];

    private static object Failed(string text) => ReplyContent.Of(CodeAnswer.Failure(text, AnswerLimits.DefaultTokens));
}
