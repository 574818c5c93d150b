using Enclave.Guard.Options;
using Enclave.Limits;

namespace Enclave.Limits;

/// <summary>The names of a security level elsewhere.</summary>
internal static class SecurityLevels
{
    /// <summary>Returns the level as the guard names it, for programs that examine scripts without a host.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public static GuardLevel ToGuardLevel(this SecurityLevel level) => LevelTable.Of(level).Guard;
}
