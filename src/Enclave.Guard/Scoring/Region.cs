using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Scoring;

/// <summary>A part of the text that runs once per round of its loop or per call of its function.</summary>
internal sealed class Region(Region? parent, Node node)
{
    private List<Entry>? _entries;

    public Region? Parent { get; } = parent;

    /// <summary>The loop's body, the function, or the program.</summary>
    public Node Node { get; } = node;

    /// <summary>True if it is the repeated part of a loop statement.</summary>
    public bool IsLoop { get; init; }

    /// <summary>The collection or limit that the loop runs to; null outside loops.</summary>
    public Expression? Iterated { get; init; }

    /// <summary>The calls of the function, if the text shows them.</summary>
    public IReadOnlyList<Entry> Entries => _entries ?? (IReadOnlyList<Entry>)[];

    /// <summary>The loops around it. <see cref="LoopDepths"/> sets it.</summary>
    public Nesting? Nesting { get; set; }

    public void Add(Entry entry) => (_entries ??= []).Add(entry);
}

/// <summary>A call of a function: once, or once for each element.</summary>
/// <param name="From">The region of the call.</param>
/// <param name="Iterated">The collection that is iterated over.</param>
/// <param name="Repeats">True if the function is a callback that runs once for each element.</param>
internal readonly record struct Entry(Region From, Expression? Iterated, bool Repeats);

/// <summary>The loops around a place.</summary>
/// <param name="Depth">Their number.</param>
/// <param name="OverToolResult">True if one of them iterates over a tool's result.</param>
internal readonly record struct Nesting(int Depth, bool OverToolResult);
