namespace Enclave;

/// <summary>The decision about a call that needs approval. The default value denies it.</summary>
public readonly record struct ToolApproval
{
    private ToolApproval(bool isApproved, string? reason, bool isLater = false) => (IsApproved, Reason, IsLater) = (isApproved, reason, isLater);

    /// <summary>The call is made.</summary>
    public static ToolApproval Approved { get; } = new(true, null);

    /// <summary>
    /// The decision comes later, perhaps days later and in another process: <c>AnswerAsync</c> with
    /// <see cref="ToolApprovalRequest.Token"/> and true, false, or a reason to deny. Only for durable runs; in other runs the call is denied.
    /// </summary>
    public static ToolApproval Later { get; } = new(false, "the run is not durable, so that nobody can decide later (RunOptions.Durable)", isLater: true);

    /// <summary>True if the call is made.</summary>
    public bool IsApproved { get; }

    /// <summary>Why the call is not made, for the script; null for no reason.</summary>
    public string? Reason { get; }

    internal bool IsLater { get; }

    /// <summary>When a decision that comes later is a denial; null for never.</summary>
    internal DateTimeOffset? Until { get; private init; }

    /// <summary>As <see cref="Later"/>, but the call is denied if there is no decision until this time.</summary>
    internal static ToolApproval LaterUntil(DateTimeOffset until) => Later with { Until = until };

    /// <summary>The call is not made: the script gets <c>TOOL_APPROVAL_DENIED</c>.</summary>
    /// <param name="reason">The reason, which the script sees; null for none.</param>
    public static ToolApproval Denied(string? reason = null) => new(false, reason);
}
