namespace Enclave.RabbitMq.Brokers;

/// <summary>Statistics of one queue, as this broker sees it.</summary>
/// <param name="Lane">Level and class.</param>
/// <param name="Waiting">Sessions that wait at this broker.</param>
/// <param name="Published">Sessions in the server's queue, or at a runtime that has not begun.</param>
/// <param name="Free">Free slots of its runtimes.</param>
/// <param name="Age">How long the first session here has waited.</param>
internal sealed record LaneStats(string Lane, int Waiting, int Published, int Free, TimeSpan Age);
