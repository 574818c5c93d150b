using System.Collections.Immutable;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave;

/// <content>Reports of a tool before its answer.</content>
public sealed partial class ToolContext
{
    private const int MaxMessageCharacters = 1000, MaxPathParts = 32, MaxPartCharacters = 256;

    /// <summary>The receiver of reports; null if there is none.</summary>
    internal ToolReports? Reports { get; init; }

    /// <summary>
    /// Reports the tool's progress to the readers of the run's stream. Never waits. Does nothing if the run has no stream, or after the call is answered.
    /// </summary>
    /// <param name="message">The tool's present step. Cut after 1000 characters.</param>
    /// <param name="fraction">The finished part. Range: 0 to 1.</param>
    /// <param name="bytes">Finished bytes. Range: 0 and above.</param>
    /// <param name="totalBytes">All bytes. Range: 0 and above.</param>
    /// <remarks>At most 100 reports per second of a run are passed on; others are counted in
    /// <see cref="EventsDroppedEvent.Reports"/>. The script never sees them.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its range.</exception>
    public void ReportProgress(string? message = null, double? fraction = null, long? bytes = null, long? totalBytes = null)
    {
        if (fraction is not (null or (>= 0 and <= 1))) throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The range is 0 to 1.");
        ArgumentOutOfRangeException.ThrowIfNegative(bytes ?? 0, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfNegative(totalBytes ?? 0, nameof(totalBytes));
        if (Reports is null) return;
        // Masked before the cut, which might leave half of a secret.
        if (message is not null) message = Secrets.Mask.Of(message);
        if (message?.Length > MaxMessageCharacters) message = string.Concat(message.AsSpan(0, MaxMessageCharacters), "…");
        Reports.Progress(message, fraction, bytes, totalBytes);
    }

    /// <summary>
    /// Gives a part of the result to the readers of the run's stream. Never waits. Does nothing if the run has no stream, or after the call is answered.
    /// </summary>
    /// <param name="path">The place of the part, in the tool's own words. At most 32 names of at most 256 characters.</param>
    /// <param name="data">Any value that <see cref="ScriptValue.From"/> accepts. Data above 1 MB is left out of the event, which says so.</param>
    /// <remarks>At most 100 parts per second of a run are passed on; others are counted in <see cref="EventsDroppedEvent.Reports"/>. The script never sees
    /// them: data for the script belongs in the tool's answer.</remarks>
    /// <exception cref="ArgumentException">The path is too long, or <paramref name="data"/> is not data.</exception>
    public void EmitPartial(IReadOnlyList<string> path, object? data)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Count > MaxPathParts) throw new ArgumentException($"A path has at most {MaxPathParts} names; this one has {path.Count}.", nameof(path));
        if (path.Any((part) => part is null || part.Length > MaxPartCharacters))
            throw new ArgumentException($"A name of a path has at most {MaxPartCharacters} characters, and is not null.", nameof(path));
        ScriptValue value = ScriptValue.From(data);
        Reports?.Partial([.. path.Select(Secrets.Mask.Of)], Secrets.Mask.Of(value));
    }

    /// <summary>The same context for a call that may end before its run does.</summary>
    internal ToolContext Until(CancellationToken token)
    {
        var own = (ToolContext)MemberwiseClone();
        own.CancellationToken = token;
        return own;
    }

    /// <summary>The same context for the tool itself.</summary>
    internal ToolContext With(ToolSecrets secrets)
    {
        var own = (ToolContext)MemberwiseClone();
        own.Secrets = secrets;
        return own;
    }
}
