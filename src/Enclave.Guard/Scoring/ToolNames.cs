namespace Enclave.Guard.Scoring;

/// <summary>Guesses the purpose of tools from their names. Only whole words count: <c>call</c> does not contain "all".</summary>
internal static class ToolNames
{
    /// <summary>Stands for every tool whose name is known only at run time.</summary>
    public const string Dynamic = "<dynamic>";

    private static readonly WordSet s_bulk = new("bulk", "batch", "batches", "all", "mass", "multi");
    private static readonly WordSet s_lists = new("list", "get", "query", "search", "find");
    private static readonly WordSet s_reads = new("fetch", "read", "select");
    private static readonly WordSet s_dumps = new("dump", "backup");
    private static readonly WordSet s_mails = new("send", "email", "post", "webhook");
    private static readonly WordSet s_exports = new("export", "upload", "transfer");
    private static readonly WordSet s_pushes = new("send", "post", "upload");
    private static readonly WordSet s_sends = new("send", "email", "notify", "post", "webhook", "export", "upload", "transfer");
    private static readonly WordSet s_queries = new("query", "search", "find", "filter");

    /// <summary>True if a global name, or a property, is the function that calls tools.</summary>
    public static bool IsToolFunction(string name) => name is "callTool" or "__safe_callTool";

    /// <summary>True if the tool works on many things at once.</summary>
    public static bool IsBulk(string name) => s_bulk.IsIn(name);

    /// <summary>True if the tool takes a query condition.</summary>
    public static bool IsQuery(string name) => s_queries.IsIn(name);

    /// <summary>True if the second tool may send away the data that the first tool obtains.</summary>
    public static bool CarriesAway(string first, string second)
    {
        bool gathers = s_lists.IsIn(first);
        bool reads = s_reads.IsIn(first);
        if (gathers && s_mails.IsIn(second)) return true;
        if (reads && s_exports.IsIn(second)) return true;
        if (s_dumps.IsIn(first) && s_pushes.IsIn(second)) return true;
        // The weaker pair: any tool that obtains, then any tool that sends. A tool that obtains data itself does not count as a sender.
        return (gathers || reads) && s_sends.IsIn(second) && !s_lists.IsIn(second) && !s_reads.IsIn(second);
    }
}
