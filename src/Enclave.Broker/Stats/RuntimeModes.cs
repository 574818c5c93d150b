namespace Enclave.Broker.Stats;

/// <summary>The names of the ways to run a broker's sessions, for operators.</summary>
internal static class RuntimeModes
{
    public const string Embedded = "embedded", Runtimes = "runtimes", Queues = "queues";
}
