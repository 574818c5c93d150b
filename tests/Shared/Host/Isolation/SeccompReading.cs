using Enclave.Isolation.Seccomp;

namespace Enclave.Host.Tests;

/// <summary>Reads the table directly: the expected outcome of a call, without a filter.</summary>
/// <param name="rules">The table.</param>
/// <param name="memory">Selects the lines that apply.</param>
/// <param name="refusal">The decision on all other calls.</param>
/// <param name="role">The process that the filter is for.</param>
/// <param name="ownProcess">The worker's id.</param>
/// <param name="code">Its code range.</param>
internal sealed class SeccompReading(
    IReadOnlyList<SeccompRule> rules, CodeMemory memory, SeccompRefusal refusal, ProcessRole role, int ownProcess, CodeRange? code)
{
    public const uint Allow = 0x7fff0000, Errno = 0x00050000;

    /// <summary>The first line of the call whose conditions all hold decides.</summary>
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
            ArgumentComparison.InCode => role == ProcessRole.Nursery || IsInCode(argument, arguments[condition.Argument + 1]),
            _ => argument == (ulong)ownProcess,
        };
    }

    private bool IsInCode(ulong begin, ulong length) =>
        code is not null && begin >= (ulong)code.Begin && begin <= (ulong)code.End && length <= (ulong)code.End - begin;
}
