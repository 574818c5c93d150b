namespace Enclave.Host.Tests.OpenApi;

/// <summary>A request that was sent.</summary>
internal sealed record Asked(string Method, Uri Address, IReadOnlyDictionary<string, string> Headers, string? Body)
{
    public string Path => Address.AbsolutePath;

    public string Query => Address.Query;
}
