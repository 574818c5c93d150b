namespace Enclave.Cli.Batch;

/// <summary>One line of a batch, counted from 1.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Text">Its text; null if it is longer than <see cref="MaxCharacters"/>.</param>
internal readonly record struct BatchLine(long Number, string? Text)
{
    /// <summary>More than the largest message takes in JSON that escapes each character beyond ASCII.</summary>
    public const int MaxCharacters = 64 << 20;
}
