using Enclave.JavaScript.Matching;
using Enclave.JavaScript.Text;

namespace Enclave.Schemas.Checks;

/// <summary>A pattern of a schema, for texts of scripts: the work for a text is in proportion to it, and is metered.</summary>
internal sealed class SchemaPattern
{
    // Beyond it a pattern is compiled for each text: what a schema keeps is in proportion to its text, whatever counts its patterns have.
    private const int MaxKeptSteps = 512;

    private const int MaxCharacters = 2_000;

    private readonly RegularExpression? _kept;

    private SchemaPattern(string text, RegularExpression expression)
    {
        (Text, Steps) = (text, expression.Steps);
        if (Steps <= MaxKeptSteps) _kept = expression;
    }

    /// <summary>The pattern as it was given.</summary>
    public string Text { get; }

    /// <summary>Number of its steps, of which a schema may have <see cref="SchemaCompiler.MaxPatternSteps"/>.</summary>
    public int Steps { get; }

    /// <summary>Reads a pattern with at most so many steps; null if it cannot be read.</summary>
    public static SchemaPattern? Of(string pattern, int maxSteps = SchemaCompiler.MaxPatternSteps) =>
        pattern.Length <= MaxCharacters && Compile(pattern, maxSteps) is { } expression ? new SchemaPattern(pattern, expression) : null;

    /// <exception cref="WorkLimitException">The match took too long.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it.</exception>
    public bool IsIn(string text, WorkMeter meter) => (_kept ?? Compile(Text, Steps)!).IsIn(text, meter);

    private static RegularExpression? Compile(string pattern, int maxSteps) =>
        RegularExpression.Compile(pattern, RegularExpressionOptions.Unicode, maxSteps, out _);
}
