namespace Enclave.RabbitMq.Brokers;

/// <summary>A reserved position in a queue, made before the session is opened.</summary>
/// <param name="Tenant">The limits of its tenant.</param>
/// <param name="Lane">Level and class.</param>
internal sealed record QueueReservation(QueueTenant Tenant, string Lane);
