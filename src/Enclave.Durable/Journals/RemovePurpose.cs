namespace Enclave.Journals;

/// <summary>The reason to remove a run that no host has.</summary>
internal enum RemovePurpose
{
    /// <summary>It has ended. A run that has not ended is not removed.</summary>
    Ended,

    /// <summary>Its journal or its row is damaged. The state in its row does not matter.</summary>
    Damaged,
}
