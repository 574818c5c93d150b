namespace Enclave.Mcp.Transports;

/// <summary>The values that were used last, as many as two bounds allow; the newest is always among them.</summary>
internal sealed class RecentValues(int maxValues, int maxCharacters)
{
    // The oldest first.
    private readonly LinkedList<string> _order = new();
    private readonly Dictionary<string, LinkedListNode<string>> _nodes = new(StringComparer.Ordinal);
    private long _characters;

    public IReadOnlyCollection<string> Values => _order;

    /// <summary>Makes the value the newest. If there are too many values, drops the oldest.</summary>
    /// <returns>True if it is new.</returns>
    public bool Use(string value)
    {
        if (_nodes.TryGetValue(value, out LinkedListNode<string>? known))
        {
            _order.Remove(known);
            _order.AddLast(known);
            return false;
        }

        _nodes.Add(value, _order.AddLast(value));
        _characters += value.Length;
        while (_order.Count > 1 && (_order.Count > maxValues || _characters > maxCharacters)) Drop(_order.First!);
        return true;
    }

    private void Drop(LinkedListNode<string> oldest)
    {
        _order.Remove(oldest);
        _nodes.Remove(oldest.Value);
        _characters -= oldest.Value.Length;
    }
}
