namespace Enclave.Lambda;

/// <summary>The interface between Lambda and this process does not do what it is documented to do: there is nothing to go on with.</summary>
internal sealed class RuntimeApiException(string message, Exception? cause = null) : Exception(message, cause);
