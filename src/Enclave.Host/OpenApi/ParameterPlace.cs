namespace Enclave.OpenApi;

/// <summary>The place of a parameter in a request.</summary>
internal enum ParameterPlace
{
    Path,
    Query,
    Header,
}
