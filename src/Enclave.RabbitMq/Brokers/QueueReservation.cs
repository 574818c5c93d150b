namespace Enclave.RabbitMq.Brokers;

/// <summary>Where a session is to wait, from before it is opened.</summary>
/// <param name="Tenant">What its tenant may take.</param>
/// <param name="Lane">Level and class.</param>
internal sealed record QueueReservation(QueueTenant Tenant, string Lane);
