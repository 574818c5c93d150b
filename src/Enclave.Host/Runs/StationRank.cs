namespace Enclave.Runs;

/// <summary>The places on the way of a tool call where features have stations.</summary>
internal enum StationRank
{
    /// <summary>Right before the tools: behind the operator's policy, the references and the sequence policy.</summary>
    Last,

    /// <summary>Before all others.</summary>
    First,
}
