namespace Enclave.Broker;

/// <summary>How operators see tenants.</summary>
public enum FleetTenantNames
{
    /// <summary>By 16 hexadecimal digits of the SHA-256 of the name, the same at every broker. A guessed name can be confirmed.</summary>
    Pseudonyms = 0,

    /// <summary>By their names, up to 64 characters.</summary>
    Names = 1,
}
