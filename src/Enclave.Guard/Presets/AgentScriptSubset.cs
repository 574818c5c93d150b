using Enclave.Guard.Rules;

namespace Enclave.Guard.Presets;

/// <summary>The parts of agentscript in which the levels differ that allow a subset of JavaScript.</summary>
/// <param name="Regexes">The rule for regular expressions. If they are refused, the pre-scan refuses them already.</param>
/// <param name="DirectionControls">The rule for characters that change the direction of text.</param>
internal sealed record AgentScriptSubset(RegexUse Regexes, BidiUse DirectionControls);
