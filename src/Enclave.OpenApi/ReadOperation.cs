using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Enclave.Schemas;
using Enclave.Schemas.Checks;

namespace Enclave.OpenApi;

/// <summary>An operation of the document, ready to become a tool.</summary>
/// <param name="Known">Its description for filters.</param>
internal sealed record ReadOperation(OpenApiOperation Known)
{
    public required PathTemplate Template { get; init; }

    public required ImmutableArray<ParameterPlan> Parameters { get; init; }

    public required BodyPlan? Body { get; init; }

    public required ImmutableArray<HttpCredential> Credentials { get; init; }

    public required string Description { get; init; }

    public required JsonObject Arguments { get; init; }

    /// <summary>The form of the arguments' schema that they are checked against.</summary>
    public required SchemaNode Held { get; init; }

    public required JsonObject Result { get; init; }

    /// <summary>Equal for equal operations: an operation that a refresh does not change keeps its tool.</summary>
    public string Fingerprint()
    {
        string[] parts =
        [
            Known.Method, Known.Path, Known.OperationId ?? "", $"{Known.IsDeprecated}", .. Known.Tags, Description,
            .. Parameters.Select((parameter) => parameter.ToString()), Body is null ? "" : $"{Body.Kind} {Body.MediaType}",
            .. Body?.Fields.Select((field) => field.ToString()) ?? [],
            .. Credentials.Select((credential) => $"{credential.Location} {credential.Name} {credential.Secret}"), Arguments.ToJsonString(),
            Result.ToJsonString(),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));
    }
}
