using System.Runtime.Versioning;

namespace Enclave.Workers.Comparison;

/// <summary>The result of an attempt to take the image of a nursery.</summary>
/// <param name="Image">The image; null if there is none.</param>
/// <param name="Fault">Why there is none; null if this host may not read its workers.</param>
/// <param name="IsFinal">False if a later attempt may have another result.</param>
[SupportedOSPlatform("linux")]
internal sealed record ImageAttempt(CheckpointImage? Image, string? Fault, bool IsFinal);
