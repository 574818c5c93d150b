namespace Enclave.Streaming.Filters;

/// <summary>Whether capitals are other letters than small ones.</summary>
internal enum PatternCasing
{
    Matters,
    Ignored,
}
