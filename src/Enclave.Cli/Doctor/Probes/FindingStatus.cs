namespace Enclave.Cli.Doctor.Probes;

/// <summary>The severity of a finding.</summary>
internal enum FindingStatus
{
    /// <summary>Available.</summary>
    Present,

    /// <summary>Not available; jobs run with one layer less.</summary>
    Missing,

    /// <summary>Not available; jobs cannot run.</summary>
    Broken,
}
