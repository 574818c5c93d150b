namespace Enclave.Isolation.Seccomp;

/// <summary>A condition for one argument of a system call.</summary>
/// <param name="Argument">The index, 0 to 5.</param>
/// <param name="Comparison">The kind of comparison.</param>
/// <param name="Value">The value to compare with.</param>
/// <param name="Mask">For <see cref="ArgumentComparison.Masked"/>: the bits to compare.</param>
/// <remarks>A class, because .NET ships compiled generic code for classes. For a structure it would be
/// compiled while the first worker waits for its start.</remarks>
internal sealed record ArgumentCondition(int Argument, ArgumentComparison Comparison, ulong Value, uint Mask = 0);
