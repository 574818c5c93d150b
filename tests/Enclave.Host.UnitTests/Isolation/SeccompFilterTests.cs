using Enclave.Isolation.Seccomp;
using Enclave.Tests;
using static Enclave.Host.Tests.SeccompBench;

namespace Enclave.Host.Tests;

/// <summary>The compiled filter decides exactly as the table says.</summary>
public sealed class SeccompFilterTests
{
    public static TheoryData<bool, bool, int> Filters()
    {
        var data = new TheoryData<bool, bool, int>();
        foreach (bool frozen in (bool[])[false, true])
        {
            foreach (bool trap in (bool[])[false, true])
            {
                foreach (int pid in (int[])[Nursery, 1, 2, 4711, int.MaxValue]) data.Add(frozen, trap, pid);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void Every_call_is_decided_as_the_table_reads(bool frozen, bool trap, int pid)
    {
        (CodeMemory memory, SeccompRefusal refusal) = Settings(frozen, trap);
        foreach (CodeRange? code in Codes) AssertDecidesAsRead(SeccompTable.Rules, memory, refusal, pid, code, TestSize.Of(5_000, 1_000_000));
    }

    /// <summary>Random tables: the compiler is right for every table, not only for ours.</summary>
    [Fact]
    public void Any_table_is_compiled_as_it_reads()
    {
        var random = new Random(20261121);
        for (int i = 0; i < TestSize.Of(300, 20_000); i++)
        {
            (CodeMemory memory, SeccompRefusal refusal) = Settings(random.Next(2) == 0, random.Next(2) == 0);
            AssertDecidesAsRead(RandomTable(random), memory, refusal, random.Next(1, 100), Codes[random.Next(Codes.Length)], 200, random.Next());
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void I12_Other_architectures_and_x32_numbers_always_end_the_process(bool frozen, bool trap, int pid)
    {
        (CodeMemory memory, SeccompRefusal refusal) = Settings(frozen, trap);
        (BpfProgram program, _) = Both(SeccompTable.Rules, memory, refusal, pid);
        var random = new Random(20261120);
        foreach (uint number in SeccompTable.Rules.Select((rule) => (uint)rule.Number).Concat((uint[])[0x3fffffff, uint.MaxValue, 512, 547]))
        {
            // i386, ARM, AArch64, none, and an unknown one.
            foreach (uint architecture in (uint[])[0x40000003, 0x40000028, 0xc00000b7, 0, (uint)random.NextInt64(0, X64), uint.MaxValue])
            {
                Assert.Equal((uint)SeccompRefusal.Kill, program.Run(architecture, number, Arguments(random, pid)));
            }

            Assert.Equal((uint)SeccompRefusal.Kill, program.Run(X64, number | 0x40000000, Arguments(random, pid)));
            Assert.Equal((uint)SeccompRefusal.Kill, program.Run(X64, number | 0xc0000000, Arguments(random, pid)));
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void The_kernel_can_load_the_program(bool frozen, bool trap, int pid)
    {
        (CodeMemory memory, SeccompRefusal refusal) = Settings(frozen, trap);
        (BpfProgram program, _) = Both(SeccompTable.Rules, memory, refusal, pid);

        // BPF_MAXINSNS is 4096. Jumps only lead forward, and never outside.
        Assert.InRange(program.Length, 10, 4095);
        Assert.All(program.Steps(), (step) => Assert.InRange(step.To, step.From + 1, program.Length - 1));
    }

    [Fact]
    public void I13_Frozen_memory_never_becomes_executable()
    {
        const uint Mmap = 9, Mprotect = 10, PrivateAnonymous = 0x22;
        (BpfProgram program, _) = Both(SeccompTable.Rules, CodeMemory.Frozen, SeccompRefusal.Kill, 1, Codes[1]);
        for (ulong protection = 0; protection < 16; protection++)
        {
            uint expected = (protection & 4) == 0 ? SeccompReading.Allow : (uint)SeccompRefusal.Kill;
            Assert.Equal(expected, program.Run(X64, Mmap, 0, 4096, protection, PrivateAnonymous, ulong.MaxValue, 0));
            Assert.Equal(expected, program.Run(X64, Mprotect, 4096, 4096, protection, 0, 0, 0));
            Assert.Equal(expected, program.Run(X64, Mprotect, (ulong)Codes[1]!.Begin, 4096, protection, 0, 0, 0));
        }
    }

    /// <summary>At each page around the ends of the range, with each length around its own, and with lengths that wrap around.</summary>
    [Fact]
    public void I15_Memory_becomes_executable_only_within_the_code_range()
    {
        const uint Mmap = 9, Mprotect = 10, PkeyMprotect = 329, PrivateAnonymous = 0x22;
        const ulong Page = 4096, ReadWriteExecute = 7;
        foreach (CodeRange? code in Codes)
        {
            (BpfProgram program, SeccompReading reading) = Both(SeccompTable.Rules, CodeMemory.Growing, SeccompRefusal.Kill, 1, code);
            Assert.Equal((uint)SeccompRefusal.Kill, program.Run(X64, Mmap, (ulong)(code?.Begin ?? 0), Page, ReadWriteExecute, PrivateAnonymous, 0, 0));
            ulong begin = (ulong)(code?.Begin ?? 0x10000), end = (ulong)(code?.End ?? 0x20000);
            foreach (ulong at in (ulong[])[0, Page, begin - Page, begin, begin + Page, end - Page, end, end + Page, begin + (1UL << 32), begin - (1UL << 32)])
            {
                foreach (ulong length in (ulong[])[0, 1, Page, end - begin - Page, end - begin, end - begin + 1, 1UL << 32, (1UL << 32) + Page, ulong.MaxValue])
                {
                    bool isInside = code is not null && at >= begin && at <= end && length <= end - at;
                    uint expected = isInside ? SeccompReading.Allow : (uint)SeccompRefusal.Kill;
                    Assert.Equal(expected, program.Run(X64, Mprotect, at, length, ReadWriteExecute, 0, 0, 0));
                    Assert.Equal(expected, program.Run(X64, PkeyMprotect, at, length, ReadWriteExecute, 0, 0, 0));
                    Assert.Equal(expected, reading.Decide(Mprotect, at, length, ReadWriteExecute, 0, 0, 0));
                }
            }
        }
    }

    private static void AssertDecidesAsRead(
        IReadOnlyList<SeccompRule> rules, CodeMemory memory, SeccompRefusal refusal, int pid, CodeRange? code, int calls, int seed = 20261120)
    {
        (BpfProgram program, SeccompReading reading) = Both(rules, memory, refusal, pid, code);
        var random = new Random(seed);
        for (int i = 0; i < calls; i++)
        {
            uint number = random.Next(4) == 0 ? (uint)random.Next(0, 600) : (uint)rules[random.Next(rules.Count)].Number;
            AssertSame(program, reading, number, Arguments(random, pid));
        }
    }

    private static ulong[] Arguments(Random random, int pid) => [.. Enumerable.Range(0, 6).Select((_) => random.Next(5) switch
    {
        0 => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        1 => (ulong)random.Next(0, 64),
        2 => (ulong)pid,
        _ => Edges[random.Next(Edges.Length)],
    })];

    private static SeccompRule[] RandomTable(Random random) => [.. Enumerable.Range(0, random.Next(1, 30)).Select((_) => new SeccompRule(
        random.Next(0, 12), "call", random.Next(3) == 0 ? random.Next(1, 40) : 0,
        [.. Enumerable.Range(0, random.Next(0, 4)).Select((_) => RandomCondition(random))],
        (SeccompSwitch)random.Next(4)))];

    private static ArgumentCondition RandomCondition(Random random)
    {
        var value = (uint)Edges[random.Next(Edges.Length)];
        uint mask = (uint)Edges[random.Next(Edges.Length)];
        return random.Next(5) switch
        {
            4 => new ArgumentCondition(random.Next(5), ArgumentComparison.InCode, 0),
            0 => new ArgumentCondition(random.Next(6), ArgumentComparison.Equal, value),
            1 => new ArgumentCondition(random.Next(6), ArgumentComparison.AtMost, value),
            2 => new ArgumentCondition(random.Next(6), ArgumentComparison.Masked, value & mask, mask),
            _ => new ArgumentCondition(random.Next(6), ArgumentComparison.OwnProcess, 0),
        };
    }

    private static (CodeMemory Memory, SeccompRefusal Refusal) Settings(bool frozen, bool trap) =>
        (frozen ? CodeMemory.Frozen : CodeMemory.Growing, trap ? SeccompRefusal.Trap : SeccompRefusal.Kill);
}
