namespace Enclave.Journals;

/// <summary>What a run is taken for.</summary>
internal enum TakePurpose
{
    /// <summary>To go on.</summary>
    GoOn,

    /// <summary>To end it as cancelled: no tool is called.</summary>
    End,
}
