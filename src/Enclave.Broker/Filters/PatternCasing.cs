namespace Enclave.Broker.Filters;

/// <summary>Whether upper and lower case differ.</summary>
internal enum PatternCasing
{
    CaseSensitive,
    CaseInsensitive,
}
