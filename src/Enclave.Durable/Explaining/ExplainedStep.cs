using System.Collections.ObjectModel;

namespace Enclave;

/// <summary>One executed statement of an explained run, or the begin of a loop's round.</summary>
public sealed record ExplainedStep
{
    /// <summary>Its number among all steps of the run, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The line of the script, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The statement, of a loop or a branch its head, shortened.</summary>
    public required string Statement { get; init; }

    /// <summary>The name of its function; null outside functions.</summary>
    public string? Function { get; init; }

    /// <summary>The values that its names had before it, and those that it assigned after it, as short text.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>True if the branch was taken, false if not; null for a statement that is no branch.</summary>
    public bool? Branch { get; init; }

    /// <summary>The round of the loop that began, from 1. Rounds between the first and the last two are left out. Null for other statements.</summary>
    public int? Round { get; init; }

    /// <summary>The tools that it called.</summary>
    public IReadOnlyList<string> Calls { get; init; } = [];

    /// <summary>The lines that it printed.</summary>
    public IReadOnlyList<string> Printed { get; init; } = [];
}
