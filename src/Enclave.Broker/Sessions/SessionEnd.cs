namespace Enclave.Broker.Sessions;

/// <summary>Why a session ends before its script.</summary>
/// <param name="Kind">The kind of reason.</param>
/// <param name="Reason">The reason in words; null if none was given.</param>
internal sealed record SessionEnd(SessionEndKind Kind, string? Reason)
{
    private const int MaxReason = 500;

    internal static SessionEnd Draining { get; } = new(SessionEndKind.Cancel, "the broker is stopping");

    /// <summary>The store lost its lease: another broker is responsible for the session now, or will be.</summary>
    public static SessionEnd StoreLost { get; } = new(SessionEndKind.Cancel, "the broker has lost its session store");

    internal static SessionEnd Deadline { get; } = new(SessionEndKind.Deadline, null);

    /// <summary>A cancel with this reason, cut to 500 characters.</summary>
    public static SessionEnd Cancelled(string? reason) =>
        new(SessionEndKind.Cancel, string.IsNullOrEmpty(reason) ? null : reason.Length > MaxReason ? reason[..MaxReason] : reason);

    internal static SessionEnd NoReader(TimeSpan grace) => Cancelled($"the session had no reader for {grace.TotalSeconds:0.###} s");
}
