namespace Enclave.Schemas.Checks;

/// <summary>A check was ended at one of its limits: the value counts as refused.</summary>
internal sealed class CheckLimitException(string message) : Exception(message);
