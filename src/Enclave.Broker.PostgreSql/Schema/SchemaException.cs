namespace Enclave.Broker.PostgreSql.Schema;

/// <summary>The database has another schema than this version of the broker works with; the message says which, and what to do.</summary>
internal sealed class SchemaException(string message) : Exception(message);
