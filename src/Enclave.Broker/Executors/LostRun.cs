namespace Enclave.Broker.Executors;

/// <summary>What a client is told when what ran its script is gone.</summary>
internal static class LostRun
{
    /// <summary>Whether the script may have done something, and that it was not run again.</summary>
    /// <param name="what">What was lost, as a sentence begins with it.</param>
    /// <param name="calls">The tool calls of the script.</param>
    public static string Message(string what, int calls) =>
        $"{what} was lost {(calls == 0 ? "before the script called a tool" : $"after {calls} tool call{(calls == 1 ? "" : "s")}")}; the script was not run again, since it may have done something";
}
