namespace Enclave.Isolation.Seccomp;

/// <summary>How an argument is compared. All comparisons except for the mask use 64 bits.</summary>
internal enum ArgumentComparison
{
    Equal,
    AtMost,

    /// <summary>The masked low 32 bits equal the value. The upper half of flag words has no meaning in any call of the table.</summary>
    Masked,

    /// <summary>Equal to the worker's own process id.</summary>
    OwnProcess,

    /// <summary>This argument and the next one are the begin and the length of a range within the worker's <see cref="CodeRange"/>.</summary>
    InCode,
}
