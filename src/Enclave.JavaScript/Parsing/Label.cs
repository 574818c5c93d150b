namespace Enclave.JavaScript.Parsing;

internal enum LabelKind : byte
{
    /// <summary>A label of a statement that is neither a loop nor a switch.</summary>
    Statement,
    Loop,
    Switch,
}

/// <summary>A statement around a place that break or continue can refer to; the innermost is the last.</summary>
/// <param name="Name">Its label; null for a loop or a switch itself.</param>
/// <param name="Kind">What it labels.</param>
/// <param name="Statement">The start of the labelled statement; -1 without a label.</param>
internal record struct Label(string? Name, LabelKind Kind, int Statement);
