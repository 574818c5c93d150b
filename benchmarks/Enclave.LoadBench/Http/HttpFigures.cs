namespace Enclave.LoadBench.Http;

/// <summary>What one load came to.</summary>
/// <param name="Setup">Where the scripts ran.</param>
/// <param name="Load">What was asked for.</param>
/// <param name="P50">Half of the sessions took at most this, in milliseconds, from the request to the last byte.</param>
/// <param name="P99">So did 99 of 100.</param>
/// <param name="PerSecond">Sessions in a second.</param>
internal sealed record HttpFigures(string Setup, string Load, int Clients, double P50, double P99, double PerSecond);
