namespace Enclave.RabbitMq.Wire;

/// <summary>The values of a message's property <c>type</c>.</summary>
internal static class MessageTypes
{
    /// <summary>To the runtime that takes it: <c>execute</c>, as over WebSocket.</summary>
    public const string Run = "run";

    /// <summary>To the broker: may this run begin here?</summary>
    public const string Ask = "ask";

    /// <summary>To the runtime: it may begin, has this many milliseconds, and may be this far ahead of its reader (<see cref="Grant"/>).</summary>
    public const string Begin = "begin";

    /// <summary>To the runtime: the reader has read the run's events up to this number. Sent only to runtimes that understand it.</summary>
    public const string Taken = "taken";

    /// <summary>To the runtime: it may not begin, or must end.</summary>
    public const string Drop = "drop";

    /// <summary>To the runtime: a message of the session, as over WebSocket.</summary>
    public const string Message = "message";

    /// <summary>To the broker: an event of the session, as over WebSocket.</summary>
    public const string Event = "event";

    /// <summary>To the broker: the runtime is stopping and does not begin this run. Since version 2, for brokers that report that they support it.</summary>
    public const string Return = "return";

    /// <summary>To all brokers: a runtime, its queues and its slots (<see cref="Presence"/>).</summary>
    public const string Presence = "presence";

    /// <summary>To the other side: a heartbeat. To a broker also the held runs (<see cref="HeldRuns"/>).</summary>
    public const string Alive = "alive";

    /// <summary>From brokers to all brokers: the report of a broker or of its own workers (<see cref="Enclave.Broker.Fleet.FleetPart"/>).</summary>
    public const string Fleet = "fleet";

    /// <summary>The header that names the broker of a run, for returned messages.</summary>
    public const string BrokerHeader = "broker";
}
