namespace Enclave.Broker.Stats;

/// <summary>Where the sessions of a broker run, as operators are told.</summary>
internal static class PlaceModes
{
    public const string Embedded = "embedded", Runtimes = "runtimes", Queues = "queues";
}
