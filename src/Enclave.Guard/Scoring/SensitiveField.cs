namespace Enclave.Guard;

/// <summary>A sensitive word in the arguments of a tool call.</summary>
/// <param name="Name">The key or property as written. Inside a string, the word.</param>
/// <param name="Category">The kind of data that it names.</param>
/// <param name="Location">Its first place.</param>
public sealed record SensitiveField(string Name, SensitiveCategory Category, SourceLocation Location);
