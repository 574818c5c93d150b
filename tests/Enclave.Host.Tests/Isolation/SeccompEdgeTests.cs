using Enclave.Isolation.Seccomp;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The filter of our table, at the edges of every condition.</summary>
public sealed class SeccompEdgeTests
{
    private const uint X64 = 0xc000003e;

    /// <summary>Replaces a worker's id: the filter of a nursery, which does not know one.</summary>
    private const int Nursery = 0;

    /// <summary>Nothing is code; a range within 4 GB; a range across their border; one that begins there; one of almost 4 GB.</summary>
    private static readonly CodeRange?[] s_codes =
    [
        null, new(0x7f12_3456_7000, 0x7f12_3956_7000), new(0x7f12_fff0_0000, 0x7f13_0400_0000), new(0x7f13_0000_0000, 0x7f13_0800_0000),
        new(0x7f12_0000_1000, 0x7f13_0000_0000),
    ];

    /// <summary>Values at which conditions change: around every constant of the table, around 32 bits, around the ends.</summary>
    private static readonly ulong[] s_edges =
    [
        .. SeccompTable.Rules.SelectMany((rule) => rule.Conditions)
        .SelectMany((condition) => (ulong[])[condition.Value, condition.Mask, condition.Value | condition.Mask])
            .Concat(s_codes.OfType<CodeRange>().SelectMany((code) => (ulong[])[(ulong)code.Begin, (ulong)code.End, (ulong)(code.End - code.Begin)]))
            .Concat((ulong[])[0, 1, int.MaxValue, uint.MaxValue, ulong.MaxValue, long.MaxValue])
            .SelectMany((value) => (ulong[])[value, value + 1, value - 1, value | (1UL << 32), value << 32]).Distinct(),
    ];

    [Fact]
    public void Every_rule_of_the_table_decides_at_the_edges_of_its_conditions()
    {
        foreach ((CodeMemory memory, int pid, CodeRange? code) in (ReadOnlySpan<(CodeMemory, int, CodeRange?)>)[
            (CodeMemory.Growing, 1, s_codes[1]), (CodeMemory.Frozen, 1, s_codes[1]),
            (CodeMemory.Growing, 300_000, s_codes[2]), (CodeMemory.Frozen, Nursery, null)])
        {
            (BpfProgram program, SeccompReading reading) = Both(SeccompTable.Rules, memory, SeccompRefusal.Kill, pid, code);
            foreach (SeccompRule rule in SeccompTable.Rules)
            {
                int[] looked = [.. SeccompTable.Rules.Where((other) => other.Number == rule.Number)
                    .SelectMany((other) => other.Conditions).Select((condition) => condition.Argument).Distinct()];
                foreach (ulong[] arguments in Combinations(looked, [.. s_edges, (uint)pid, (uint)pid + 1, (uint)pid | (1UL << 32)]))
                {
                    AssertSame(program, reading, (uint)rule.Number, arguments);
                }
            }
        }
    }

    private static void AssertSame(BpfProgram program, SeccompReading reading, uint number, ulong[] arguments)
    {
        uint expected = reading.Decide(number, arguments), decided = program.Run(X64, number, arguments);
        Assert.True(expected == decided,
            $"call {number}({string.Join(", ", arguments.Select((argument) => argument.ToString("x")))}) is {decided:x}, and the table says {expected:x}");
    }

    private static (BpfProgram Program, SeccompReading Reading) Both(
        IReadOnlyList<SeccompRule> rules, CodeMemory memory, SeccompRefusal refusal, int pid, CodeRange? code = null) =>
        (new BpfProgram(SeccompFilter.Compile(rules, memory, refusal, RoleOf(pid), pid, code)),
            new SeccompReading(rules, memory, refusal, RoleOf(pid), pid, code));

    private static ProcessRole RoleOf(int pid) => pid == Nursery ? ProcessRole.Nursery : ProcessRole.Cell;

    private static IEnumerable<ulong[]> Combinations(int[] looked, ulong[] values)
    {
        // No call of the table checks more than three arguments.
        Assert.InRange(looked.Length, 0, 3);
        foreach (ulong first in looked.Length > 0 ? values : [0])
        {
            foreach (ulong second in looked.Length > 1 ? values : [0])
            {
                // The third one only at every tenth value: all three at all values would be a million.
                foreach (ulong third in looked.Length > 2 ? values.Where((_, n) => n % 10 == 0) : [0])
                {
                    var arguments = new ulong[6];
                    if (looked.Length > 0) arguments[looked[0]] = first;
                    if (looked.Length > 1) arguments[looked[1]] = second;
                    if (looked.Length > 2) arguments[looked[2]] = third;
                    yield return arguments;
                }
            }
        }
    }

    private static (CodeMemory Memory, SeccompRefusal Refusal) Settings(bool frozen, bool trap) =>
        (frozen ? CodeMemory.Frozen : CodeMemory.Growing, trap ? SeccompRefusal.Trap : SeccompRefusal.Kill);
}
