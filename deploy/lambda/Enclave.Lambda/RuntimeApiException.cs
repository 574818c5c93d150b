namespace Enclave.Lambda;

/// <summary>Lambda's runtime interface does not behave as documented, so the process cannot continue.</summary>
internal sealed class RuntimeApiException(string message, Exception? cause = null) : Exception(message, cause);
