namespace Enclave.Schemas.Checks;

/// <summary>A schema cannot be held: arguments would pass it unchecked. The message says what, and begins in the middle of a sentence.</summary>
internal sealed class UnheldSchemaException(string message) : Exception(message);
