namespace Enclave.Guard;

/// <summary>A sensitive word in the arguments of a tool call.</summary>
/// <param name="Name">The key or property as written; for a word inside a string, the word.</param>
/// <param name="Category">What it names.</param>
/// <param name="Location">Where it stands first.</param>
public sealed record SensitiveField(string Name, SensitiveCategory Category, SourceLocation Location);
