namespace Enclave.Cluster.Tests.Load;

/// <summary>What a script of the load does after its first call, which says whose it is.</summary>
internal enum ScriptKind
{
    /// <summary>Nothing more.</summary>
    Plain,

    /// <summary>Prints lines, calls, and prints again.</summary>
    Console,

    /// <summary>Calls one tool after another.</summary>
    Calls,

    /// <summary>Calls four tools at once.</summary>
    SideBySide,

    /// <summary>Computes for a while.</summary>
    Loop,

    /// <summary>Waits for a client that takes its time.</summary>
    Slow,

    /// <summary>Calls a tool of the brokers.</summary>
    Noted,

    /// <summary>Throws at its end.</summary>
    Throws,

    /// <summary>Is cancelled by its client at another broker while it waits for an answer that never comes.</summary>
    Cancelled,
}
