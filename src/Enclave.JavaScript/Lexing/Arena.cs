using System.Runtime.CompilerServices;

namespace Enclave.JavaScript.Lexing;

/// <summary>A list that the parser only adds to while it reads. A trial that is put back cuts it to the length that it had.</summary>
internal abstract class Arena
{
    public int Count { get; protected set; }

    public void CutTo(int count)
    {
        if (count < Count) Cut(count);
    }

    /// <summary>Drops everything, and memory above a bound.</summary>
    public abstract void Clear();

    protected virtual void Cut(int count) => Count = count;
}

/// <summary>An arena of values of one type.</summary>
internal sealed class Arena<T> : Arena
{
    private const int Kept = 1024;
    private const int Least = 16;
    private T[] _items = new T[Least];

    public ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    public ref T this[int index] => ref _items[index];

    public void Add(T item)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        _items[Count++] = item;
    }

    public override void Clear()
    {
        Count = 0;
        if (_items.Length > Kept) _items = new T[Least];
        else if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) Array.Clear(_items);
    }
}
