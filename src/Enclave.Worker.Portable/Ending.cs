using Enclave.Protocol.Messages;

namespace Enclave.Worker.Portable;

/// <summary>
/// Ends the process. An exit runs V8's own end, which must not meet a thread in V8: the thread of scripts holds a lock while it may be there.
/// </summary>
internal static class Ending
{
    // A script that does not obey an interruption within this time is in V8's own code. The exit may then become a crash.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private static readonly object s_scripts = new();

    /// <summary>The thread of scripts begins to work.</summary>
    public static void EnterScripts() => Monitor.Enter(s_scripts);

    /// <summary>The thread of scripts waits for the host.</summary>
    public static void LeaveScripts() => Monitor.Exit(s_scripts);

    /// <summary>Writes the reason to the log, and exits. Does not return.</summary>
    /// <param name="code">The code for the host.</param>
    /// <param name="reason">A sentence for the log.</param>
    public static void Exit(WorkerExit code, string? reason = null)
    {
        if (reason is not null) Console.Error.WriteLine($"enclave-portable: {reason}");
        Monitor.TryEnter(s_scripts, s_patience);
        Environment.Exit((int)code);
    }
}
