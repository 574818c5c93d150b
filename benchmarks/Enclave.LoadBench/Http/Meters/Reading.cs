namespace Enclave.LoadBench.Http.Meters;

/// <summary>All meters at one moment. The cost of a load is the difference between two readings.</summary>
internal sealed class Reading
{
    public const string Broker = "broker", Runtimes = "runtimes", Workers = "workers", Postgres = "postgres", Rabbit = "rabbitmq", Load = "load";

    public const string Writes = "writes", SessionRows = "sessionRows", EventRows = "eventRows", SessionBytes = "sessionBytes", EventBytes = "eventBytes",
        WalBytes = "walBytes";

    public const string MessagesIn = "messagesIn", MessagesOut = "messagesOut", BrokerQueueBytes = "brokerQueueBytes", RuntimeQueueBytes = "runtimeQueueBytes",
        ClientBytes = "clientBytes";

    public const string DatabaseConnections = "databaseConnections", QueueConnections = "queueConnections";

    /// <summary>CPU seconds of each part.</summary>
    public Dictionary<string, double> Cpu { get; } = [];

    public Dictionary<string, double> Counts { get; } = [];

    /// <summary>The difference between two readings, divided.</summary>
    public static Dictionary<string, double> Between(Dictionary<string, double> before, Dictionary<string, double> after, double divisor) =>
        after.ToDictionary((one) => one.Key, (one) => (one.Value - before[one.Key]) / divisor);
}
