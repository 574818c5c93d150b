namespace Enclave.Guard.Scoring;

/// <summary>Keys that usually set the number of results that a tool returns.</summary>
internal static class LimitKeys
{
    private static readonly WordSet s_words = new("limit", "pagesize", "count", "max", "top", "size", "take");

    public static bool Contains(string key) => s_words.IsIn(key);
}
