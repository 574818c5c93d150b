namespace Enclave.Broker.Store;

/// <summary>The store is not to be had, or did not answer in time: the client is told to come again.</summary>
internal sealed class StoreException(string message, Exception? cause = null) : Exception(message, cause);
