namespace Enclave.Limits;

/// <summary>A level's limits of references to values in the host, unless options say otherwise. Sizes are in bytes.</summary>
internal readonly record struct SidecarDefaults(
    int Threshold, int MaxReferenceBytes, long MaxTotalBytes, int MaxReferences, long MaxResolvedBytes, int MaxResolutionDepth);
