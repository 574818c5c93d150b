namespace Enclave.Cli.Doctor.Probes;

/// <summary>How much a finding matters.</summary>
internal enum FindingStatus
{
    /// <summary>It is there.</summary>
    Present,

    /// <summary>It is not there; jobs run with a layer less.</summary>
    Missing,

    /// <summary>Without it no job runs.</summary>
    Broken,
}
