namespace Enclave.Broker;

/// <summary>What tenants are called before operators.</summary>
public enum FleetTenantNames
{
    /// <summary>16 hexadecimal digits of the SHA-256 of the name: the same at every broker. Who can guess a name can check it.</summary>
    Pseudonyms = 0,

    /// <summary>By their names, 64 characters at most.</summary>
    Names = 1,
}
