using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Scoring;

/// <summary>A stretch of the text that runs as often as its loop turns or its function is called.</summary>
internal sealed class Region(Region? parent, Node node)
{
    private List<Entry>? _entries;

    public Region? Parent { get; } = parent;

    /// <summary>The loop's body, the function, or the program.</summary>
    public Node Node { get; } = node;

    /// <summary>Whether it is the repeated part of a loop statement.</summary>
    public bool IsLoop { get; init; }

    /// <summary>What the loop walks or counts to; null outside loops.</summary>
    public Expression? Iterated { get; init; }

    /// <summary>Where the function is called, if this is one that the text shows calls of.</summary>
    public IReadOnlyList<Entry> Entries => _entries ?? (IReadOnlyList<Entry>)[];

    /// <summary>How often, once <see cref="LoopDepths"/> has asked.</summary>
    public Nesting? Nesting { get; set; }

    public void Add(Entry entry) => (_entries ??= []).Add(entry);
}

/// <summary>A call of a function: once, or once for each element.</summary>
/// <param name="From">Where the call stands.</param>
/// <param name="Iterated">What is walked.</param>
/// <param name="Repeats">Whether the function is a callback that runs once for each element.</param>
internal readonly record struct Entry(Region From, Expression? Iterated, bool Repeats);

/// <summary>The loops around a place.</summary>
/// <param name="Depth">How many.</param>
/// <param name="OverToolResult">Whether one of them walks what a tool returned.</param>
internal readonly record struct Nesting(int Depth, bool OverToolResult);
