using System.Diagnostics.CodeAnalysis;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>The answer to a wait: a value or a failure.</summary>
internal sealed record JournalAnswer(ScriptValue Value, ToolFailure? Failure)
{
    private const int MaxFailureText = 4096;

    /// <summary>An answer from outside: a value, or a <see cref="ToolException"/>.</summary>
    /// <exception cref="ArgumentException">The value is not data.</exception>
    public static JournalAnswer Of(object? value) => value is ToolException failure
        ? new JournalAnswer(ScriptValue.Undefined, new ToolFailure(Cut(failure.Name), Cut(failure.Message), Cut(failure.Code)))
        : new JournalAnswer(ScriptValue.From(value), null);

    /// <summary>The value.</summary>
    /// <exception cref="ToolException">The answer is a failure.</exception>
    public ScriptValue Take() => Failure is { } failure ? throw failure.ToException() : Value;

    [return: NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text) => text?.Length > MaxFailureText ? text[..MaxFailureText] : text;
}
