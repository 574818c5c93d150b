namespace Enclave.Cluster.Tests.Load;

/// <summary>The kinds of scripts, by what they do after their first call.</summary>
internal enum ScriptKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>Prints lines, calls a tool, and prints again.</summary>
    Console,

    /// <summary>Calls one tool after another.</summary>
    Calls,

    /// <summary>Calls four tools at once.</summary>
    SideBySide,

    /// <summary>Computes for a while.</summary>
    Loop,

    /// <summary>Waits for a slow client.</summary>
    Slow,

    /// <summary>Calls a tool of the brokers.</summary>
    Noted,

    /// <summary>Throws at its end.</summary>
    Throws,

    /// <summary>Is cancelled by its client at another broker while it waits for an answer that never comes.</summary>
    Cancelled,
}
