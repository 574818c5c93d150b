using System.Collections.Immutable;
using System.Text.Json;
using Enclave.Networks;
using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>Finds the secrets that a call carries, from the document's security schemes and the operator's secrets for them.</summary>
internal sealed class SecurityReader
{
    private readonly OpenApiDocument _document;
    private readonly OpenApiOptions _options;
    private readonly Dictionary<string, HttpCredential> _schemes = new(StringComparer.Ordinal);

    /// <exception cref="OpenApiException">A secret is given for a scheme that the document does not have, or that is not supported.</exception>
    public SecurityReader(OpenApiDocument document, OpenApiOptions options)
    {
        (_document, _options) = (document, options);
        foreach ((string scheme, string secret) in options.Secrets) _schemes.Add(scheme, Credential(scheme, secret));
    }

    /// <summary>The secrets of this operation: the first of its alternatives for which all secrets are given, or else the one for all operations.</summary>
    public ImmutableArray<HttpCredential> Of(JsonElement operation)
    {
        JsonElement security = operation.Member("security").ValueKind == JsonValueKind.Array ? operation.Member("security") : _document.Root.Member("security");
        foreach (JsonElement alternative in security.Items().Take(OpenApiLimits.Choices))
        {
            string[] schemes = [.. alternative.Members().Select((scheme) => scheme.Name).Take(OpenApiLimits.Parameters)];
            if (schemes.Length > 0 && schemes.All(_schemes.ContainsKey)) return [.. schemes.Select((scheme) => _schemes[scheme])];
        }

        return _options.Credential is { } always ? [always] : [];
    }

    private HttpCredential Credential(string scheme, string secret)
    {
        if (!_document.TryFollow(_document.Root.Member("components").Member("securitySchemes").Member(scheme), out JsonElement described)
            || described.ValueKind != JsonValueKind.Object)
        {
            string[] known = [.. _document.Root.Member("components").Member("securitySchemes").Members().Select((one) => one.Name).Take(20)];
            throw new OpenApiException(
                $"the document has no security scheme '{scheme}' (Secrets); {(known.Length == 0 ? "it has none" : $"it has {string.Join(", ", known)}")}");
        }

        string name = described.Text("name") ?? "";
        return (described.Text("type"), described.Text("in"), described.Text("scheme")?.ToUpperInvariant()) switch
        {
            ("http", _, "BEARER") or ("oauth2", _, _) or ("openIdConnect", _, _) => HttpCredential.Bearer(secret),
            ("http", _, "BASIC") => HttpCredential.Basic(secret),
            ("apiKey", "header", _) when RequestHeaders.IsFree(name) || RequestHeaders.IsAuthorization(name) => HttpCredential.Header(name, secret),
            ("apiKey", "query", _) when name.Length is > 0 and <= OpenApiLimits.NameCharacters => HttpCredential.Query(name, secret),
            var (type, place, _) => throw new OpenApiException($"the security scheme '{scheme}' ({type}{(place is null ? "" : $" in {place}")}) is none that " +
            "can be used: known are http bearer and basic, apiKey in header or query, oauth2 and openIdConnect with a token"),
        };
    }
}
