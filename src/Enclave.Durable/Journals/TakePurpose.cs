namespace Enclave.Journals;

/// <summary>The reason to take a run.</summary>
internal enum TakePurpose
{
    /// <summary>To continue it.</summary>
    GoOn,

    /// <summary>To end it as cancelled: no tool is called.</summary>
    End,
}
