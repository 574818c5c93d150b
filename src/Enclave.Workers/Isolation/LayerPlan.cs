namespace Enclave.Isolation;

/// <summary>The plan for one layer.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Requirement">The level's requirement.</param>
/// <param name="Possible">True if this machine offers it.</param>
/// <param name="Detail">How it is applied here, or why it cannot be.</param>
/// <param name="Remedy">The way to make it available.</param>
internal sealed record LayerPlan(IsolationLayer Layer, LayerRequirement Requirement, bool Possible, string Detail, string? Remedy)
{
    /// <summary>True if it is applied.</summary>
    public bool Applies => Possible && Requirement != LayerRequirement.Off;

    public bool IsMissing => !Possible && Requirement == LayerRequirement.Mandatory;
}
