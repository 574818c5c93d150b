using System.Text.Json.Serialization;

namespace Enclave.Mcp.Servers;

/// <summary>The handle of a client's questions, inside its seal.</summary>
[JsonSerializable(typeof(QuestionHandle))]
internal sealed partial class HandleJson : JsonSerializerContext;
