namespace Enclave.Isolation.Seccomp;

/// <summary>What must hold of one argument of a system call.</summary>
/// <param name="Argument">0 to 5.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what.</param>
/// <param name="Mask">With <see cref="ArgumentComparison.Masked"/>: the bits that are looked at.</param>
/// <remarks>An object: generic code over objects lies compiled in .NET, over a structure of ours it is compiled while the first worker waits to be started.</remarks>
internal sealed record ArgumentCondition(int Argument, ArgumentComparison Comparison, ulong Value, uint Mask = 0);
