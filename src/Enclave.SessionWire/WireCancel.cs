namespace Enclave.SessionWire;

/// <summary>How a cancelled session ends on the wire.</summary>
internal enum WireCancel
{
    /// <summary>With an <c>error</c>, then <c>final</c>, as runtimes do.</summary>
    ErrorThenFinal,

    /// <summary>With only <c>final</c>, as brokers do.</summary>
    FinalOnly,
}
