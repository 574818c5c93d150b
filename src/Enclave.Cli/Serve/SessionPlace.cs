namespace Enclave.Cli.Serve;

/// <summary>The place where a broker's sessions run.</summary>
internal enum SessionPlace
{
    Local,

    /// <summary>On runtimes that the broker connects to.</summary>
    Runtimes,

    /// <summary>On runtimes that take sessions from queues.</summary>
    Queues,
}
