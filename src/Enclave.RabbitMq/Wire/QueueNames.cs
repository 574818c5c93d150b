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

    /// <summary>Fanout: runtimes tell every broker that they are there.</summary>
    public string Presence => $"{prefix}.presence";

    /// <summary>Fanout: brokers tell each other how they are. Its name is among those that runtimes may not write to.</summary>
    public string Fleet => $"{prefix}.broker.fleet";

    /// <summary>Headers: runs that no runtime took, back to the broker that they are of.</summary>
    public string Dead => $"{prefix}.dead";

    /// <summary>Fanout, and the queue behind it: what was refused and is of no broker that is there.</summary>
    public string Refused => $"{prefix}.refused";

    /// <summary>The queue of a level and a class.</summary>
    public string RunsOf(string lane) => $"{prefix}.runs.{lane}";

    /// <summary>What a broker reads. A connection that comes again has another: the server may still keep the one before for the connection that was lost.</summary>
    public string BrokerQueue(string broker, int generation) => $"{prefix}.broker.{broker}.{generation}";

    /// <summary>What a runtime reads.</summary>
    public string RuntimeQueue(string runtime, int generation) => $"{prefix}.runtime.{runtime}.{generation}";

    /// <summary>The routing key of a level and a class.</summary>
    public static string Lane(SecurityLevel level, string trustClass) => $"{level.ToString().ToLowerInvariant()}.{trustClass}";
}
