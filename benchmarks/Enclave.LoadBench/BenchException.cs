namespace Enclave.LoadBench;

/// <summary>The run cannot go on, and there is no figure: a wrong answer, a bad argument, a missing file. The message is for the person who started it.</summary>
internal sealed class BenchException(string message) : Exception(message);
