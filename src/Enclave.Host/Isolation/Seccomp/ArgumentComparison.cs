namespace Enclave.Isolation.Seccomp;

/// <summary>How an argument is compared. All but the mask look at 64 bits.</summary>
internal enum ArgumentComparison
{
    Equal,
    AtMost,

    /// <summary>The low 32 bits under a mask are exactly the value. The upper half of flag words carries nothing in any call of the table.</summary>
    Masked,

    /// <summary>Equal to the worker's own process id.</summary>
    OwnProcess,
}
