using Enclave.Guard;

namespace Enclave.Host.Tests.Cases;

/// <summary>What a host is made for: cases that have it in common share one.</summary>
internal readonly record struct RuleSet(SecurityLevel Level, GuardPreset Preset, bool Validate);
