namespace Enclave.Streaming;

/// <summary>Whether capitals are other letters than small ones.</summary>
internal enum PatternCasing
{
    Matters,
    Ignored,
}
