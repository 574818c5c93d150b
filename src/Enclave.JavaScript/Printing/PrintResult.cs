namespace Enclave.JavaScript.Printing;

/// <summary>A printed program with its source map.</summary>
/// <param name="Text">The text.</param>
/// <param name="Map">Where the text comes from.</param>
public sealed record PrintResult(string Text, SourceMap Map);
