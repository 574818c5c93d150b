namespace Enclave.Broker.Stats;

/// <summary>The names of the ways to run a broker's sessions, for operators.</summary>
internal static class RuntimeModes
{
    /// <summary>On the broker's own host.</summary>
    public const string Embedded = "embedded";

    /// <summary>On runtimes, over WebSockets.</summary>
    public const string Runtimes = "runtimes";

    /// <summary>On runtimes, over queues.</summary>
    public const string Queues = "queues";
}
