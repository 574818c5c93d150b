namespace Enclave.Broker.Stats;

/// <summary>Where the sessions of a broker run, as operators are told.</summary>
internal static class RuntimeModes
{
    public const string Embedded = "embedded", Runtimes = "runtimes", Queues = "queues";
}
