using System.Collections.Immutable;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave;

/// <content>What a tool says before it answers.</content>
public sealed partial class ToolContext
{
    private const int MaxMessageCharacters = 1000, MaxPathParts = 32, MaxPartCharacters = 256;

    /// <summary>Where reports go; null when nobody listens.</summary>
    internal ToolReports? Reports { get; init; }

    /// <summary>Says how far the tool is, to whoever streams the run. Never waits; does nothing when nobody streams, or once the call is answered.</summary>
    /// <param name="message">What the tool does at the moment. Cut after 1000 characters.</param>
    /// <param name="fraction">The part that is done. Range: 0 to 1.</param>
    /// <param name="bytes">Bytes that are done. Range: 0 and above.</param>
    /// <param name="totalBytes">Bytes that there are in all. Range: 0 and above.</param>
    /// <remarks>Of one run 100 reports a second are told; more are counted in <see cref="EventsDroppedEvent.Reports"/>. The script sees none of it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its range.</exception>
    public void ReportProgress(string? message = null, double? fraction = null, long? bytes = null, long? totalBytes = null)
    {
        if (fraction is not (null or (>= 0 and <= 1))) throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The range is 0 to 1.");
        ArgumentOutOfRangeException.ThrowIfNegative(bytes ?? 0, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfNegative(totalBytes ?? 0, nameof(totalBytes));
        if (Reports is null) return;
        // Before the cut, which might leave half a secret.
        if (message is not null) message = Secrets.Mask.Of(message);
        if (message?.Length > MaxMessageCharacters) message = string.Concat(message.AsSpan(0, MaxMessageCharacters), "…");
        Reports.Progress(message, fraction, bytes, totalBytes);
    }

    /// <summary>Gives a part of what will come, to whoever streams the run. Never waits; does nothing when nobody streams, or once the call is answered.</summary>
    /// <param name="path">Where the part belongs, in the tool's own words. At most 32 names of at most 256 characters.</param>
    /// <param name="data">Anything that <see cref="ScriptValue.From"/> takes. What takes more than 1 MB is left out of the event, which says so.</param>
    /// <remarks>Of one run 100 parts a second are told; more are counted in <see cref="EventsDroppedEvent.Reports"/>. The script sees none of it: what it shall have belongs into the tool's answer.</remarks>
    /// <exception cref="ArgumentException">The path is too long, or <paramref name="data"/> is no data.</exception>
    public void EmitPartial(IReadOnlyList<string> path, object? data)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Count > MaxPathParts) throw new ArgumentException($"A path has at most {MaxPathParts} names; this one has {path.Count}.", nameof(path));
        if (path.Any((part) => part is null || part.Length > MaxPartCharacters)) throw new ArgumentException($"A name of a path has at most {MaxPartCharacters} characters, and is not null.", nameof(path));
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
