using System.Text.Json.Serialization;
using Enclave.Guard;
using Enclave.Protocol;

namespace Enclave;

/// <summary>The answer of a run.</summary>
[JsonConverter(typeof(ExecutionResultJsonConverter))]
public sealed partial record ExecutionResult
{
    /// <summary>True if the script ran to its end and its value is data.</summary>
    public bool Success => Error is null;

    /// <summary>The program's value; <see cref="ScriptValue.Undefined"/> if it failed or returned nothing.</summary>
    public required ScriptValue Value { get; init; }

    /// <summary>Why it failed; null on success.</summary>
    public required ExecutionError? Error { get; init; }

    /// <summary>The script's console lines in order, each with a line feed. After a failure, the lines written before it.</summary>
    public required string Stdout { get; init; }

    /// <summary>The time and memory that the run took.</summary>
    public required ExecutionStats Stats { get; init; }

    /// <summary>
    /// The id of the run: the same in the host's log, in audit records (<see cref="AuditRecord.RunId"/>), in traces, and for tools
    /// (<see cref="ToolContext.RunId"/>). Null if no host made this result.
    /// </summary>
    public string? RunId { get; init; }

    /// <summary>The version of the tenant's policy that judged the run (docs/tenants.md). Null without policies.</summary>
    public string? PolicyVersion { get; init; }

    /// <summary>The name and version of the saved script that ran, as <c>report@3</c> (docs/scripts.md). Null for another script.</summary>
    public string? Script { get; init; }

    /// <summary>
    /// Warnings of the guard from before the run: calls and answers of tools that do not fit their schemas, names that do not exist. They did not stop the
    /// script. At most 100; none for a refused script, whose issues are in its error.
    /// </summary>
    public IReadOnlyList<GuardIssue> Warnings { get; init; } = [];

    /// <summary>
    /// The recording for <c>ReplayAsync</c>, if <see cref="RunOptions.Record"/> was set. Null otherwise, and for a run with more than
    /// 32 MB of memory for console, arguments and answers. Not part of <see cref="WriteTo"/>.
    /// </summary>
    public ExecutionRecording? Recording { get; init; }
}
