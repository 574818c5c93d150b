namespace Enclave.Broker.Executors;

/// <summary>The message to a client whose run was lost.</summary>
internal static class LostRun
{
    /// <summary>Says whether the script may have had effects, and that it was not run again.</summary>
    /// <param name="what">The part that was lost, as the start of a sentence.</param>
    /// <param name="calls">The number of tool calls that the script made.</param>
    public static string Message(string what, int calls) =>
        $"{what} was lost {(calls == 0 ? "before the script called a tool" : $"after {calls} tool call{(calls == 1 ? "" : "s")}")}; the script was not run " +
            "again, since it may have done something";
}
