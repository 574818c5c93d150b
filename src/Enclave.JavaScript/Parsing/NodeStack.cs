using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>The nodes of the lists that are being read, those of the innermost list last.</summary>
internal sealed class NodeStack : Arena
{
    private const int Kept = 4096;
    private const int Least = 256;
    private Node?[] _nodes = new Node?[Least];

    public ref Node? this[int index] => ref _nodes[index];

    public void Push(Node? node)
    {
        if (Count == _nodes.Length) Array.Resize(ref _nodes, Count * 2);
        _nodes[Count++] = node;
    }

    public void Push<T>(ImmutableArray<T> nodes)
        where T : Node
    {
        foreach (T node in nodes) Push(node);
    }

    public Node? Pop() => _nodes[--Count];

    /// <summary>The nodes pushed since the mark, as a list of their class.</summary>
    public ImmutableArray<T> Take<T>(int mark)
        where T : Node?
    {
        int count = Count - mark;
        if (count == 0) return [];
        var items = new T[count];
        // Only nodes of class T were pushed, so the check of each store can be skipped.
        _nodes.AsSpan(mark, count).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<T, Node?>(ref MemoryMarshal.GetArrayDataReference(items)), count));
        Count = mark;
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    public override void Clear()
    {
        Count = 0;
        if (_nodes.Length > Kept) _nodes = new Node?[Least];
        else Array.Clear(_nodes);
    }
}
