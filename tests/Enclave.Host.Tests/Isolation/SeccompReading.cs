using Enclave.Isolation.Seccomp;

namespace Enclave.Host.Tests;

/// <summary>The table read directly: what a call's outcome should be, without a filter.</summary>
/// <param name="rules">The table.</param>
/// <param name="memory">Which lines stand.</param>
/// <param name="refusal">What becomes of the rest.</param>
/// <param name="role">Whose filter it is.</param>
/// <param name="ownProcess">The worker's id.</param>
internal sealed class SeccompReading(IReadOnlyList<SeccompRule> rules, CodeMemory memory, SeccompRefusal refusal, ProcessRole role, int ownProcess)
{
    public const uint Allow = 0x7fff0000, Errno = 0x00050000;

    /// <summary>The first line of the call all of whose conditions hold decides.</summary>
    public uint Decide(uint number, params ulong[] arguments)
    {
        foreach (SeccompRule rule in rules)
        {
            if (rule.Number != number || !Stands(rule) || !rule.Conditions.All((condition) => Holds(condition, arguments))) continue;
            return rule.Error == 0 ? Allow : Errno + (uint)rule.Error;
        }

        return (uint)refusal;
    }

    private bool Stands(SeccompRule rule) => rule.Switches switch
    {
        SeccompSwitch.WhenNoExec => memory == CodeMemory.Frozen,
        SeccompSwitch.UnlessNoExec => memory == CodeMemory.Growing,
        SeccompSwitch.WhenNursery => role == ProcessRole.Nursery,
        _ => true,
    };

    private bool Holds(ArgumentCondition condition, ulong[] arguments)
    {
        ulong argument = arguments[condition.Argument];
        return condition.Comparison switch
        {
            ArgumentComparison.Equal => argument == condition.Value,
            ArgumentComparison.AtMost => argument <= condition.Value,
            ArgumentComparison.Masked => ((uint)argument & condition.Mask) == condition.Value,
            _ => argument == (ulong)ownProcess,
        };
    }
}
