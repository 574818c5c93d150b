using Enclave.Isolation.Seccomp;
using static Enclave.Host.Tests.SeccompBench;

namespace Enclave.Host.Tests;

/// <summary>The filter of our table, at the edges of every condition.</summary>
public sealed class SeccompEdgeTests
{
    [Fact]
    public void Every_rule_of_the_table_decides_at_the_edges_of_its_conditions()
    {
        foreach ((CodeMemory memory, int pid, CodeRange? code) in (ReadOnlySpan<(CodeMemory, int, CodeRange?)>)[
            (CodeMemory.Growing, 1, Codes[1]), (CodeMemory.Frozen, 1, Codes[1]),
            (CodeMemory.Growing, 300_000, Codes[2]), (CodeMemory.Frozen, Nursery, null)])
        {
            (BpfProgram program, SeccompReading reading) = Both(SeccompTable.Rules, memory, SeccompRefusal.Kill, pid, code);
            foreach (SeccompRule rule in SeccompTable.Rules)
            {
                int[] looked = [.. SeccompTable.Rules.Where((other) => other.Number == rule.Number)
                    .SelectMany((other) => other.Conditions).Select((condition) => condition.Argument).Distinct()];
                foreach (ulong[] arguments in Combinations(looked, [.. Edges, (uint)pid, (uint)pid + 1, (uint)pid | (1UL << 32)]))
                {
                    AssertSame(program, reading, (uint)rule.Number, arguments);
                }
            }
        }
    }

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
}
