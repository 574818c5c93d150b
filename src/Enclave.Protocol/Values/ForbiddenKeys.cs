namespace Enclave.Protocol.Values;

/// <summary>Keys that no object may bring in: each reaches a prototype when a script or a merge function assigns it.</summary>
internal static class ForbiddenKeys
{
    public static bool Contains(string key) => key is "__proto__" or "constructor" or "prototype";
}
