namespace Enclave.Broker.Fleet;

/// <summary>A part of the fleet and the age of its report.</summary>
/// <param name="Part">Its latest report.</param>
/// <param name="Age">The age of the report.</param>
/// <param name="IsSilent">True if the report is too old.</param>
internal sealed record FleetMember(FleetPart Part, TimeSpan Age, bool IsSilent);
