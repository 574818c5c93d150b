using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>Why a run failed, as texts and data: nothing of the host is in it.</summary>
[JsonConverter(typeof(ExecutionErrorJsonConverter))]
public sealed record ExecutionError
{
    /// <summary>The code to branch on.</summary>
    public required ErrorCode Code { get; init; }

    /// <summary>The error's name as the script's world knows it, for example <c>TypeError</c>; for limits the code's own.</summary>
    public required string Name { get; init; }

    /// <summary>What happened, with the limit, its value and the option that changes it where a limit was met.</summary>
    public required string Message { get; init; }

    /// <summary>Lines of the script's own code; the first one only, unless <see cref="EnclaveOptions.VerboseErrors"/>. Null when no line is known.</summary>
    public string? Stack { get; init; }

    /// <summary>Figures that belong to the code, for example <c>limit</c>, <c>reason</c>, <c>queueDepth</c>; null when there are none.</summary>
    public IReadOnlyDictionary<string, object?>? Data { get; init; }

    /// <summary>This error in a few lines that a model can act on: the code, the line, what was refused, what to write instead, which limit was met and how to live within it (docs/models.md).</summary>
    /// <remarks>It has the script's own words and those of its tools, cut to 500 characters each, and nothing of the host. At most 12,000 characters; a few hundred as a rule.</remarks>
    public string ToModelText() => ErrorModelText.Of(this);
}
