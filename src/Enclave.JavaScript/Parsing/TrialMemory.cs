namespace Enclave.JavaScript.Parsing;

/// <summary>The findings of trials. They stay when a trial is put back, so that no place is tried twice.</summary>
internal sealed class TrialMemory
{
    /// <summary>For each tried list of types, by the offset of its bracket: true if it is such a list in an expression.</summary>
    public Dictionary<int, bool> TypeArguments { get; } = [];

    /// <summary>Parentheses with a colon behind them that do not begin an arrow function.</summary>
    public HashSet<int> NotArrows { get; } = [];

    /// <summary>The offset of the closing bracket for each opening one, -1 if there is none. Filled when first needed.</summary>
    public Dictionary<int, int> Brackets { get; } = [];

    /// <summary>The place at which trials were nested too deep; -1 if there is none.</summary>
    public int LimitAt { get; set; } = -1;

    public void Clear()
    {
        TypeArguments.Clear();
        NotArrows.Clear();
        Brackets.Clear();
        LimitAt = -1;
    }
}
