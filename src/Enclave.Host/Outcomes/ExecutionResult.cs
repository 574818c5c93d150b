using System.Text.Json.Serialization;
using Enclave.Protocol;

namespace Enclave;

/// <summary>The one answer of a run.</summary>
[JsonConverter(typeof(ExecutionResultJsonConverter))]
public sealed partial record ExecutionResult
{
    /// <summary>True if the script ran to its end and its value could be taken.</summary>
    public bool Success => Error is null;

    /// <summary>What the program returned; <see cref="ScriptValue.Undefined"/> when it failed or returned nothing.</summary>
    public required ScriptValue Value { get; init; }

    /// <summary>Why it failed; null on success.</summary>
    public required ExecutionError? Error { get; init; }

    /// <summary>The script's console lines, each ended by a line feed, in order; what was written before a failure is kept.</summary>
    public required string Stdout { get; init; }

    /// <summary>What the run took.</summary>
    public required ExecutionStats Stats { get; init; }

    /// <summary>
    /// What <see cref="EnclaveHost.ReplayAsync"/> runs again, after <see cref="RunOptions.Record"/>; null without it, and of a run with more than 32 MB of
    /// memory for console, arguments and answers. Not part of <see cref="WriteTo"/>.
    /// </summary>
    public ExecutionRecording? Recording { get; init; }
}
