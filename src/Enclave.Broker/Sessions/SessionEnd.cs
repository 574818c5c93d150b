namespace Enclave.Broker.Sessions;

/// <summary>Why a session ends before its script does.</summary>
/// <param name="Kind">What kind of reason it is.</param>
/// <param name="Reason">In words; null when nobody gave one.</param>
internal sealed record SessionEnd(SessionEndKind Kind, string? Reason)
{
    private const int MaxReason = 500;

    public static SessionEnd Draining { get; } = new(SessionEndKind.Cancel, "the broker is stopping");

    /// <summary>Another broker speaks for the session now, or will.</summary>
    public static SessionEnd StoreLost { get; } = new(SessionEndKind.Cancel, "the broker has lost its session store");

    public static SessionEnd Deadline { get; } = new(SessionEndKind.Deadline, null);

    public static SessionEnd Cancelled(string? reason) =>
        new(SessionEndKind.Cancel, string.IsNullOrEmpty(reason) ? null : reason.Length > MaxReason ? reason[..MaxReason] : reason);

    public static SessionEnd NoReader(TimeSpan grace) => Cancelled($"nobody has read the session for {grace.TotalSeconds:0.###} s");
}
