namespace Enclave.RabbitMq.Wire;

/// <summary>The values of a message's property <c>type</c>.</summary>
internal static class MessageTypes
{
    /// <summary>To whichever runtime takes it: <c>execute</c>, as over WebSocket.</summary>
    public const string Run = "run";

    /// <summary>To the broker: may this run begin here?</summary>
    public const string Ask = "ask";

    /// <summary>To the runtime: it may, has so many milliseconds, and may be so far ahead of its reader (<see cref="Grant"/>).</summary>
    public const string Begin = "begin";

    /// <summary>To the runtime: the reader has taken the run's events up to the one with this number. For runtimes that said they understand it.</summary>
    public const string Taken = "taken";

    /// <summary>To the runtime: it may not, or not any longer.</summary>
    public const string Drop = "drop";

    /// <summary>To the runtime: a message of the session, as over WebSocket.</summary>
    public const string Message = "message";

    /// <summary>To the broker: an event of the session, as over WebSocket.</summary>
    public const string Event = "event";

    /// <summary>To the broker: the runtime stops, and does not begin this run. Of version 2, for brokers that said they understand it.</summary>
    public const string Return = "return";

    /// <summary>To all brokers: a runtime, its queues and its room (<see cref="Presence"/>).</summary>
    public const string Presence = "presence";

    /// <summary>To the other side: still there. To a broker with the runs that are held (<see cref="HeldRuns"/>).</summary>
    public const string Alive = "alive";

    /// <summary>To all brokers, from brokers alone: how one is, or a place of its own (<see cref="Enclave.Broker.Fleet.FleetPart"/>).</summary>
    public const string Fleet = "fleet";

    /// <summary>The header that names the broker of a run, for what comes back of it.</summary>
    public const string BrokerHeader = "broker";
}
