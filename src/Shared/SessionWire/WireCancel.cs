namespace Enclave.SessionWire;

/// <summary>How a cancelled session ends on the wire.</summary>
internal enum WireCancel
{
    /// <summary>With an <c>error</c>, then <c>final</c>: as runtimes tell it.</summary>
    ErrorThenFinal,

    /// <summary>With <c>final</c> alone: as brokers tell it.</summary>
    FinalOnly,
}
