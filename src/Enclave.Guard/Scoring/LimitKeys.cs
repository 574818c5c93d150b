namespace Enclave.Guard.Scoring;

/// <summary>Keys under which tools expect how many results to give.</summary>
internal static class LimitKeys
{
    private static readonly WordSet s_words = new("limit", "pagesize", "count", "max", "top", "size", "take");

    public static bool Contains(string key) => s_words.IsIn(key);
}
