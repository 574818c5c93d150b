using Enclave.Isolation.Seccomp;

namespace Enclave.Host.Tests;

/// <summary>Compiled filters beside the table that they follow, and the values at which both decide otherwise.</summary>
internal static class SeccompBench
{
    public const uint X64 = 0xc000003e;

    /// <summary>Replaces a worker's id: the filter of a nursery, which does not know one.</summary>
    public const int Nursery = 0;

    /// <summary>Nothing is code; a range within 4 GB; a range across their border; one that begins there; one of almost 4 GB.</summary>
    public static CodeRange?[] Codes { get; } =
    [
        null, new(0x7f12_3456_7000, 0x7f12_3956_7000), new(0x7f12_fff0_0000, 0x7f13_0400_0000), new(0x7f13_0000_0000, 0x7f13_0800_0000),
        new(0x7f12_0000_1000, 0x7f13_0000_0000),
    ];

    /// <summary>Values at which conditions change: around every constant of the table, around 32 bits, around the ends.</summary>
    public static ulong[] Edges { get; } =
    [
        .. SeccompTable.Rules.SelectMany((rule) => rule.Conditions)
        .SelectMany((condition) => (ulong[])[condition.Value, condition.Mask, condition.Value | condition.Mask])
            .Concat(Codes.OfType<CodeRange>().SelectMany((code) => (ulong[])[(ulong)code.Begin, (ulong)code.End, (ulong)(code.End - code.Begin)]))
            .Concat((ulong[])[0, 1, int.MaxValue, uint.MaxValue, ulong.MaxValue, long.MaxValue])
            .SelectMany((value) => (ulong[])[value, value + 1, value - 1, value | (1UL << 32), value << 32]).Distinct(),
    ];

    public static void AssertSame(BpfProgram program, SeccompReading reading, uint number, ulong[] arguments)
    {
        uint expected = reading.Decide(number, arguments), decided = program.Run(X64, number, arguments);
        Assert.True(expected == decided,
            $"call {number}({string.Join(", ", arguments.Select((argument) => argument.ToString("x")))}) is {decided:x}, and the table says {expected:x}");
    }

    public static (BpfProgram Program, SeccompReading Reading) Both(
        IReadOnlyList<SeccompRule> rules, CodeMemory memory, SeccompRefusal refusal, int pid, CodeRange? code = null) =>
        (new BpfProgram(SeccompFilter.Compile(rules, memory, refusal, RoleOf(pid), pid, code)),
            new SeccompReading(rules, memory, refusal, RoleOf(pid), pid, code));

    private static ProcessRole RoleOf(int pid) => pid == Nursery ? ProcessRole.Nursery : ProcessRole.Cell;
}
