namespace Enclave.Guard;

/// <summary>Says if a script may run, and lists its issues.</summary>
/// <param name="Valid">True if no issue is an error.</param>
/// <param name="Issues">Errors and warnings, in the order of the text.</param>
public sealed record ValidationResult(bool Valid, IReadOnlyList<GuardIssue> Issues);
