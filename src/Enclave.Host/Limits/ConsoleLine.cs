namespace Enclave;

/// <summary>One line that a script wrote to its console.</summary>
/// <param name="Level">The method that wrote it.</param>
/// <param name="Text">The formatted text. It may contain line feeds.</param>
public readonly record struct ConsoleLine(ConsoleLevel Level, string Text);
