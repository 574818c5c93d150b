namespace Enclave.Guard;

/// <summary>Whether a script would be run, and what was found in it.</summary>
/// <param name="Valid">Whether no issue is an error.</param>
/// <param name="Issues">Errors and warnings, in the order of the text.</param>
public sealed record ValidationResult(bool Valid, IReadOnlyList<GuardIssue> Issues);
