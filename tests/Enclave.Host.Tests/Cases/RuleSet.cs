using Enclave.Guard;

namespace Enclave.Host.Tests.Cases;

/// <summary>The options of a host. Cases with the same options share one host.</summary>
internal readonly record struct RuleSet(SecurityLevel Level, GuardPreset Preset, bool Validate);
