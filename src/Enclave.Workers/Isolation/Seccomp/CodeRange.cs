namespace Enclave.Isolation.Seccomp;

/// <summary>The addresses between which V8 keeps the machine code of a worker. Its nursery names them.</summary>
/// <param name="Begin">The first byte, at the begin of a page.</param>
/// <param name="End">Behind the last byte, less than 4 GB above <paramref name="Begin"/>.</param>
internal sealed record CodeRange(long Begin, long End);
