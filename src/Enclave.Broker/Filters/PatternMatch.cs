namespace Enclave.Broker.Filters;

/// <summary>How many patterns of a rule an event must match.</summary>
internal enum PatternMatch
{
    Any,
    All,
}
