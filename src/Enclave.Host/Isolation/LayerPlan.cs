namespace Enclave.Isolation;

/// <summary>What is to be done about one layer.</summary>
/// <param name="Layer">Which.</param>
/// <param name="Requirement">What the level wants.</param>
/// <param name="Possible">Whether this machine can.</param>
/// <param name="Detail">How it is done here, or why it cannot be.</param>
/// <param name="Remedy">What would make it possible.</param>
internal sealed record LayerPlan(IsolationLayer Layer, LayerRequirement Requirement, bool Possible, string Detail, string? Remedy)
{
    /// <summary>True if it is put on.</summary>
    public bool Applies => Possible && Requirement != LayerRequirement.Off;

    public bool IsMissing => !Possible && Requirement == LayerRequirement.Mandatory;
}
