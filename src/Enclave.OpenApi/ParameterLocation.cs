namespace Enclave.OpenApi;

/// <summary>The location of a parameter in a request, as OpenAPI calls it (<c>in</c>).</summary>
internal enum ParameterLocation
{
    Path,
    Query,
    Header,
}
