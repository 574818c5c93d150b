using System.Text.Json.Serialization;

namespace Enclave.Durable;

/// <summary>The error and the figures of an ended run as a journal has them.</summary>
[JsonSerializable(typeof(ExecutionError))]
[JsonSerializable(typeof(ExecutionStats))]
internal sealed partial class JournalJson : JsonSerializerContext;
