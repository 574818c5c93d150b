namespace Enclave.RabbitMq.Wire;

/// <summary>The exchanges and queues of one prefix. Permissions are written for these names (docs/dispatch.md).</summary>
internal sealed class QueueNames(string prefix)
{
    /// <summary>Direct: brokers publish runs, by level and class.</summary>
    public string Runs => $"{prefix}.runs";

    /// <summary>Direct: runtimes answer brokers, by the broker's name.</summary>
    public string Replies => $"{prefix}.replies";

    /// <summary>Direct: brokers answer runtimes, by the runtime's name.</summary>
    public string Orders => $"{prefix}.orders";

    /// <summary>Fanout: runtimes report to every broker that they are connected.</summary>
    public string Presence => $"{prefix}.presence";

    /// <summary>Fanout: brokers report their state to each other. Runtimes have no permission to write to a queue with this name.</summary>
    public string Fleet => $"{prefix}.broker.fleet";

    /// <summary>Headers: returns runs that no runtime took to their broker.</summary>
    public string Dead => $"{prefix}.dead";

    /// <summary>Fanout, and its queue: refused messages without a connected broker.</summary>
    public string Refused => $"{prefix}.refused";

    /// <summary>The queue of a level and a class.</summary>
    public string RunsOf(string lane) => $"{prefix}.runs.{lane}";

    /// <summary>The queue that a broker reads. A new connection has another name, because the server may still keep the queue of a lost one.</summary>
    public string BrokerQueue(string broker, int generation) => $"{prefix}.broker.{broker}.{generation}";

    /// <summary>The queue that a runtime reads.</summary>
    public string RuntimeQueue(string runtime, int generation) => $"{prefix}.runtime.{runtime}.{generation}";

    /// <summary>The routing key of a level and a class.</summary>
    public static string Lane(SecurityLevel level, string trustClass) => $"{level.ToString().ToLowerInvariant()}.{trustClass}";
}
