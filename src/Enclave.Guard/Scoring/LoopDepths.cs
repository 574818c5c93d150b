namespace Enclave.Guard.Scoring;

/// <summary>Counts the loops around places: in the text, and through functions whose calls the text shows.</summary>
internal sealed class LoopDepths(ToolResults results)
{
    // A chain of calls is followed this far. A longer one counts as a loop.
    private const int MaxChain = 200;
    private int _depth;

    public Nesting Of(Region region)
    {
        if (region.Nesting is { } known) return known;
        if (region.Parent is null) return default;
        if (_depth > MaxChain) return new Nesting(1, false);
        // A function that calls itself finds this value: the call counts as a loop, and its other callers decide the rest.
        region.Nesting = new Nesting(1, false);
        _depth++;
        Nesting nesting = Of(region.Parent);
        if (region.IsLoop) nesting = new Nesting(nesting.Depth + 1, nesting.OverToolResult || results.Includes(region.Iterated));
        foreach (Entry entry in region.Entries)
        {
            Nesting from = Of(entry.From);
            bool over = from.OverToolResult || (entry.Repeats && results.Includes(entry.Iterated));
            nesting = new Nesting(Math.Max(nesting.Depth, from.Depth + (entry.Repeats ? 1 : 0)), nesting.OverToolResult || over);
        }

        _depth--;
        region.Nesting = nesting;
        return nesting;
    }
}
