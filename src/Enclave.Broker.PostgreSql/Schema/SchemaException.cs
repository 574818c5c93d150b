namespace Enclave.Broker.PostgreSql.Schema;

/// <summary>This version of the broker cannot work with the database's schema. The message says why and what to do.</summary>
internal sealed class SchemaException(string message) : Exception(message);
