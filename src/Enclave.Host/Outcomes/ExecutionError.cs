using System.Globalization;
using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>Why a run failed, as text and data. It contains nothing of the host.</summary>
[JsonConverter(typeof(ExecutionErrorJsonConverter))]
public sealed record ExecutionError
{
    /// <summary>The code to branch on.</summary>
    public required ErrorCode Code { get; init; }

    /// <summary>The error's name in the script, for example <c>TypeError</c>; for limits the code.</summary>
    public required string Name { get; init; }

    /// <summary>A description of the failure. If a limit was reached, also its value and the option that changes it.</summary>
    public required string Message { get; init; }

    /// <summary>
    /// Lines of the script's own code: the first one only, unless <see cref="EnclaveOptions.VerboseErrors"/> is set. Null if no line is known.
    /// </summary>
    public string? Stack { get; init; }

    /// <summary>Figures for the code, for example <c>limit</c>, <c>reason</c>, <c>queueDepth</c>; null if there are none.</summary>
    public IReadOnlyDictionary<string, object?>? Data { get; init; }

    /// <summary>When a refused run may be tried again, after this time; null if the error does not say so.</summary>
    internal TimeSpan? RetryWait =>
        Data?.GetValueOrDefault("retryAfterMs") is { } time ? TimeSpan.FromMilliseconds(Convert.ToDouble(time, CultureInfo.InvariantCulture)) : null;

    /// <summary>
    /// Describes this error in a few lines for a model: the code, the line, the refused construct and its
    /// replacement, or the limit and how to stay within it (docs/models.md).
    /// </summary>
    /// <remarks>It contains texts of the script and of its tools, cut to 500 characters each, and nothing of the
    /// host. At most 12,000 characters; usually a few hundred.</remarks>
    public string ToModelText() => ErrorModelText.Of(this);
}
