using System.Text.Json.Serialization;
using ModelContextProtocol.Authentication;

namespace Enclave.Cli.Mcp;

/// <summary>The tokens of servers, as their file has them.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, TokenContainer>))]
internal sealed partial class SignInJson : JsonSerializerContext;
