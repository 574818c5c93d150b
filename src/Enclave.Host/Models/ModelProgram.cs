using System.Diagnostics.CodeAnalysis;

namespace Enclave;

/// <summary>The program that <see cref="ModelText.ExtractProgram"/> found in a model's answer, or why it found none.</summary>
public sealed record ModelProgram
{
    internal ModelProgram()
    {
    }

    /// <summary>The script to run; null if the answer has none.</summary>
    public string? Source { get; internal init; }

    /// <summary>Why there is no script and what to send instead, in one sentence for the model; null if there is one.</summary>
    public string? Refusal { get; internal init; }

    /// <summary>The line of the answer, from 1, in which the script starts: lines of the script's errors count from here.</summary>
    public int FirstLine { get; internal init; } = 1;

    /// <summary>What the block says it is written in. <see cref="ScriptLanguage.Either"/> unless it names TypeScript.</summary>
    public ScriptLanguage Language { get; internal init; }

    /// <summary>True if there is a script. The guard may still refuse it.</summary>
    [MemberNotNullWhen(true, nameof(Source))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Success => Source is not null;
}
