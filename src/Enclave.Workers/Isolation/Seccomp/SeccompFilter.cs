using System.Buffers.Binary;

namespace Enclave.Isolation.Seccomp;

/// <summary>Compiles the table to the kernel's filter: classic BPF over <c>struct seccomp_data</c> (linux/seccomp.h, linux/bpf_common.h).</summary>
internal sealed class SeccompFilter
{
    private const uint AuditArchX64 = 0xc000003e;

    /// <summary>Numbers from here on are x32 calls, another way to make the same calls.</summary>
    private const uint X32 = 0x40000000;

    // Offsets in seccomp_data: nr, arch, then the arguments, each a low and a high half.
    private const int Number = 0, Architecture = 4, Arguments = 16;

    // BPF_LD|BPF_W|BPF_ABS, BPF_JMP with BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET, BPF_ALU with BPF_AND, BPF_ADD, BPF_SUB, BPF_RET; all with the constant K.
    private const ushort Load = 0x20, JumpEqual = 0x15, JumpGreater = 0x25, JumpAtLeast = 0x35, JumpAnyBit = 0x45, And = 0x54, Add = 0x04, Subtract = 0x14;
    private const ushort Return = 0x06;

    // BPF_ALU|BPF_NEG, BPF_MISC|BPF_TAX, BPF_JMP|BPF_JGT|BPF_X.
    private const ushort Negate = 0x84, ToIndex = 0x07, JumpGreaterThanIndex = 0x2d;

    // SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO.
    private const uint Allow = 0x7fff0000, Errno = 0x00050000;

    private const int Instruction = 8;

    /// <summary>The kernel's limit for the length of a filter (BPF_MAXINSNS).</summary>
    private const int MaxInstructions = 4096;

    /// <summary><c>struct sock_filter</c>, one after the other: code, the two jumps, the constant.</summary>
    private readonly byte[] _program = new byte[MaxInstructions * Instruction];

    private int _count;

    private SeccompFilter()
    {
    }

    /// <summary>The filter as bytes, eight per instruction.</summary>
    /// <param name="rules">The table.</param>
    /// <param name="execution">Says if memory may still become executable.</param>
    /// <param name="refusal">The reaction to all other calls.</param>
    /// <param name="role">The process that the filter is for.</param>
    /// <param name="ownProcess">The worker's id in its own pid namespace.</param>
    /// <param name="code">The addresses that may become executable; null for none. A nursery's filter is made before they are known, and allows all.</param>
    public static byte[] Compile(
        IReadOnlyList<SeccompRule> rules, CodeMemory execution, SeccompRefusal refusal, ProcessRole role, int ownProcess, CodeRange? code)
    {
        var filter = new SeccompFilter();
        filter.Emit(Load, Architecture);
        filter.Emit(JumpEqual, AuditArchX64, yes: 1);
        filter.Emit(Return, (uint)SeccompRefusal.Kill);
        filter.Emit(Load, Number);
        filter.Emit(JumpAtLeast, X32, no: 1);
        filter.Emit(Return, (uint)SeccompRefusal.Kill);
        var left = execution == CodeMemory.Frozen ? SeccompSwitch.UnlessNoExec : SeccompSwitch.WhenNoExec;
        foreach (IGrouping<int, SeccompRule> call in rules.Where(
            (rule) => rule.Switches != left && (role == ProcessRole.Nursery || rule.Switches != SeccompSwitch.WhenNursery)).GroupBy((rule) => rule.Number))
            filter.EmitCall(call, refusal, new Subject(role, ownProcess, code));
        filter.Emit(Return, (uint)refusal);
        return filter._program[..(filter._count * Instruction)];
    }

    private void EmitCall(IGrouping<int, SeccompRule> call, SeccompRefusal refusal, Subject subject)
    {
        int head = Emit(JumpEqual, (uint)call.Key);
        bool open = false;
        foreach (SeccompRule rule in call)
        {
            var misses = new List<int>();
            foreach (ArgumentCondition condition in rule.Conditions) EmitCondition(condition, subject, misses);
            Emit(Return, rule.Error == 0 ? Allow : Errno | (uint)rule.Error);
            foreach (int miss in misses) JumpHere(miss);
            open = misses.Count > 0;
            if (!open) break;
        }

        // A matching number never continues to the next call: the accumulator may already contain an argument.
        if (open) Emit(Return, (uint)refusal);
        JumpHere(head);
    }

    /// <summary>Falls through if the condition holds. Otherwise jumps from the instructions that it adds to <paramref name="misses"/>.</summary>
    private void EmitCondition(ArgumentCondition condition, Subject subject, List<int> misses)
    {
        if (condition.Comparison == ArgumentComparison.InCode)
        {
            if (subject.Role == ProcessRole.Cell) EmitInCode(condition.Argument, subject.Code, misses);
            return;
        }

        int low = Arguments + (condition.Argument * 8);
        if (condition.Comparison == ArgumentComparison.Masked)
        {
            Emit(Load, (uint)low);
            Emit(And, condition.Mask);
            misses.Add(Emit(JumpEqual, (uint)condition.Value));
            return;
        }

        ulong value = condition.Comparison == ArgumentComparison.OwnProcess ? (ulong)subject.OwnProcess : condition.Value;
        Emit(Load, (uint)(low + 4));
        misses.Add(Emit(JumpEqual, (uint)(value >> 32)));
        Emit(Load, (uint)low);
        if (condition.Comparison == ArgumentComparison.AtMost)
        {
            MissIf(JumpGreater, (uint)value, misses);
            return;
        }

        misses.Add(Emit(JumpEqual, (uint)value));
    }

    /// <summary>
    /// The kernel compares and computes with 32 bits. The begin minus the range's begin must be its distance, without an upper half, and the length at most
    /// what is left.
    /// </summary>
    private void EmitInCode(int argument, CodeRange? code, List<int> misses)
    {
        if (code is null)
        {
            misses.Add(Emit(JumpAnyBit, 0));
            return;
        }

        int low = Arguments + (argument * 8), nextLow = low + 8;
        (uint beginLow, uint beginHigh, uint size) = ((uint)code.Begin, (uint)(code.Begin >> 32), checked((uint)(code.End - code.Begin)));
        Emit(Load, (uint)(low + 4));
        Emit(JumpEqual, beginHigh, yes: 0, no: 2);
        Emit(Load, (uint)low);
        // The address lies in the same block of 4 GB as the range's begin: continue with the distance.
        misses.Add(Emit(JumpAtLeast, beginLow, yes: 4));
        // The address lies in the next block of 4 GB, and less than 4 GB after the begin.
        misses.Add(Emit(JumpEqual, beginHigh + 1));
        Emit(Load, (uint)low);
        MissIf(JumpAtLeast, beginLow, misses);
        Emit(Load, (uint)low);
        Emit(Subtract, beginLow);
        MissIf(JumpGreater, size, misses);
        Emit(Negate, 0);
        Emit(Add, size);
        Emit(ToIndex, 0);
        Emit(Load, (uint)nextLow);
        MissIf(JumpGreaterThanIndex, 0, misses);
        Emit(Load, (uint)(nextLow + 4));
        misses.Add(Emit(JumpEqual, 0));
    }

    /// <summary>Jumps away if the comparison holds. Otherwise continues behind the next instruction, the way out.</summary>
    private void MissIf(ushort comparison, uint k, List<int> misses)
    {
        Emit(comparison, k, yes: 0, no: 1);
        misses.Add(Emit(JumpAnyBit, 0));
    }

    private int Emit(ushort code, uint k, byte yes = 0, byte no = 0)
    {
        Span<byte> at = _program.AsSpan(_count * Instruction, Instruction);
        BinaryPrimitives.WriteUInt16LittleEndian(at, code);
        (at[2], at[3]) = (yes, no);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], k);
        return _count++;
    }

    /// <summary>The process that the filter is for.</summary>
    private sealed record Subject(ProcessRole Role, int OwnProcess, CodeRange? Code);

    /// <summary>Directs failed comparisons to the next instruction.</summary>
    private void JumpHere(int from) => _program[(from * Instruction) + 3] = checked((byte)(_count - from - 1));
}
