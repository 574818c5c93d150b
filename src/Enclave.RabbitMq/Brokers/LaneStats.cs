namespace Enclave.RabbitMq.Brokers;

/// <summary>What one queue looks like from this broker.</summary>
/// <param name="Lane">Level and class.</param>
/// <param name="Waiting">Sessions that wait here.</param>
/// <param name="Published">Sessions that are in the server's queue, or with a runtime that has not begun.</param>
/// <param name="Free">Slots of its runtimes that are free.</param>
/// <param name="Age">How long the first of those here has waited.</param>
internal sealed record LaneStats(string Lane, int Waiting, int Published, int Free, TimeSpan Age);
