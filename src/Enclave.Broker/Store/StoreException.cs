namespace Enclave.Broker.Store;

/// <summary>The store is unavailable or did not answer in time. The client is asked to retry.</summary>
internal sealed class StoreException(string message, Exception? cause = null) : Exception(message, cause);
