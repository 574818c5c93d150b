namespace Enclave.RabbitMq;

/// <summary>How a runtime takes sessions from queues.</summary>
public sealed class QueueRuntimeOptions : QueueOptions
{
    /// <summary>The class of tenants and runtimes that name no other.</summary>
    internal const string DefaultTrustClass = "default";

    /// <summary>
    /// The classes whose sessions it runs, at its own level. Range: 1 to 16, each 1 to 64 letters,
    /// digits, <c>_</c> and <c>-</c>. Default: only <c>default</c>.
    /// </summary>
    public IReadOnlyList<string> TrustClasses { get; set; } = [DefaultTrustClass];

    /// <summary>
    /// How long a broker may take to answer whether a session may begin. Range: 100 ms to
    /// 5 min. Default: 5 s. Then the session is returned to the broker.
    /// </summary>
    public TimeSpan AskTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
