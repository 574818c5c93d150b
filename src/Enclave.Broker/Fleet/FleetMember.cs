namespace Enclave.Broker.Fleet;

/// <summary>A part of the fleet at this moment.</summary>
/// <param name="Part">What it last said.</param>
/// <param name="Age">How long ago.</param>
/// <param name="IsSilent">Whether that is too long.</param>
internal sealed record FleetMember(FleetPart Part, TimeSpan Age, bool IsSilent);
