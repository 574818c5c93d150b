using System.Diagnostics.CodeAnalysis;

namespace Enclave;

/// <summary>The result of <see cref="ModelText.ExtractProgram"/>: a program, or the reason why there is none.</summary>
public sealed record ModelProgram
{
    internal ModelProgram()
    {
    }

    /// <summary>The script to run; null if the answer has none.</summary>
    public string? Source { get; internal init; }

    /// <summary>Why there is no script and what to send instead, in one sentence for the model; null if there is a script.</summary>
    public string? Refusal { get; internal init; }

    /// <summary>The line of the answer, from 1, in which the script starts. Lines of the script's errors count from here.</summary>
    public int FirstLine { get; internal init; } = 1;

    /// <summary>The language that the block names. <see cref="ScriptLanguage.Either"/> unless it names TypeScript.</summary>
    public ScriptLanguage Language { get; internal init; }

    /// <summary>True if there is a script. The guard may still refuse it.</summary>
    [MemberNotNullWhen(true, nameof(Source))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Success => Source is not null;
}
