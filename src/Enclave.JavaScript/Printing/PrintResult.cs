namespace Enclave.JavaScript.Printing;

/// <summary>A printed program with its source map.</summary>
/// <param name="Text">The text.</param>
/// <param name="Map">The map from the text to its source.</param>
public sealed record PrintResult(string Text, SourceMap Map);
