namespace Enclave.Cli.Serve;

/// <summary>Where the sessions of a broker run.</summary>
internal enum SessionPlace
{
    Here,

    /// <summary>On runtimes that the broker connects to.</summary>
    Runtimes,

    /// <summary>On runtimes that take them from queues.</summary>
    Queues,
}
