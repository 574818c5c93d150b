namespace Enclave.Guard.Scoring;

/// <summary>Limits how much of a script may be read again because names stand for it.</summary>
internal sealed class ReadingBudget
{
    private const int MaxDepth = 8;
    private int _left = 1 << 20;
    private int _depth;

    public bool Enter(int cost)
    {
        if (_depth == MaxDepth || cost > _left) return false;
        _left -= cost;
        _depth++;
        return true;
    }

    public void Leave() => _depth--;
}
