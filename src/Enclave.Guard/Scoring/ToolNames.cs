namespace Enclave.Guard.Scoring;

/// <summary>Names of tools, and what they say about what the tools do. Words count, not parts of words: <c>call</c> is not "all".</summary>
internal static class ToolNames
{
    /// <summary>Stands for every tool whose name only the running script knows.</summary>
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

    /// <summary>Whether a global name, or a property, is the function that calls tools.</summary>
    public static bool IsToolFunction(string name) => name is "callTool" or "__safe_callTool";

    /// <summary>Whether the tool works on many things at once.</summary>
    public static bool IsBulk(string name) => s_bulk.IsIn(name);

    /// <summary>Whether the tool is asked with a condition.</summary>
    public static bool IsQuery(string name) => s_queries.IsIn(name);

    /// <summary>Whether the first tool obtains data that the second one could carry away.</summary>
    public static bool CarriesAway(string first, string second)
    {
        bool gathers = s_lists.IsIn(first);
        bool reads = s_reads.IsIn(first);
        if (gathers && s_mails.IsIn(second)) return true;
        if (reads && s_exports.IsIn(second)) return true;
        if (s_dumps.IsIn(first) && s_pushes.IsIn(second)) return true;
        // The looser pair: anything obtained, then anything sent; a tool that obtains something itself is not taken for one that sends.
        return (gathers || reads) && s_sends.IsIn(second) && !s_lists.IsIn(second) && !s_reads.IsIn(second);
    }
}
