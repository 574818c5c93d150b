namespace Enclave.LoadBench;

/// <summary>
/// The run cannot continue: a wrong answer, an invalid argument, a missing file. Nothing is measured. The message is for the person who started the run.
/// </summary>
internal sealed class BenchException(string message) : Exception(message);
