namespace Enclave.Host.Tests.Explaining;

/// <summary>A program that fails.</summary>
/// <param name="Name">What fails, and in what surroundings.</param>
/// <param name="Code">The program.</param>
/// <param name="Cause">The expression whose value caused the error.</param>
internal sealed record FailingProgram(string Name, string Code, string Cause);
