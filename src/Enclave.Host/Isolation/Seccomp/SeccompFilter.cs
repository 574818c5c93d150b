using System.Buffers.Binary;

namespace Enclave.Isolation.Seccomp;

/// <summary>Turns the table into the kernel's filter: classic BPF over <c>struct seccomp_data</c> (linux/seccomp.h, linux/bpf_common.h).</summary>
internal sealed class SeccompFilter
{
    private const uint AuditArchX64 = 0xc000003e;

    /// <summary>Numbers from here on are the x32 calls, another way to make the same ones.</summary>
    private const uint X32 = 0x40000000;

    // Offsets in seccomp_data: nr, arch, then the arguments, each a low and a high half.
    private const int Number = 0, Architecture = 4, Arguments = 16;

    // BPF_LD|BPF_W|BPF_ABS, BPF_JMP with BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET, BPF_ALU|BPF_AND, BPF_RET; all with the constant K.
    private const ushort Load = 0x20, JumpEqual = 0x15, JumpGreater = 0x25, JumpAtLeast = 0x35, JumpAnyBit = 0x45, And = 0x54, Return = 0x06;

    private readonly List<(ushort Code, byte Yes, byte No, uint K)> _program = [];

    private SeccompFilter()
    {
    }

    /// <summary>The filter as bytes, eight an instruction.</summary>
    /// <param name="rules">The table.</param>
    /// <param name="execution">Whether memory may still become executable.</param>
    /// <param name="refusal">What happens to everything else.</param>
    /// <param name="ownProcess">The worker's id in its own pid namespace.</param>
    public static byte[] Compile(IReadOnlyList<SeccompRule> rules, CodeMemory execution, SeccompRefusal refusal, int ownProcess)
    {
        var filter = new SeccompFilter();
        filter.Emit(Load, Architecture);
        filter.Emit(JumpEqual, AuditArchX64, yes: 1);
        filter.Emit(Return, (uint)SeccompRefusal.Kill);
        filter.Emit(Load, Number);
        filter.Emit(JumpAtLeast, X32, no: 1);
        filter.Emit(Return, (uint)SeccompRefusal.Kill);
        var left = execution == CodeMemory.Frozen ? SeccompSwitch.UnlessNoExec : SeccompSwitch.WhenNoExec;
        foreach (IGrouping<int, SeccompRule> call in rules.Where((rule) => rule.Switches != left).GroupBy((rule) => rule.Number)) filter.EmitCall(call, refusal, ownProcess);
        filter.Emit(Return, (uint)refusal);
        return filter.ToBytes();
    }

    private void EmitCall(IGrouping<int, SeccompRule> call, SeccompRefusal refusal, int ownProcess)
    {
        int head = Emit(JumpEqual, (uint)call.Key);
        bool open = false;
        foreach (SeccompRule rule in call)
        {
            var misses = new List<int>();
            foreach (ArgumentCondition condition in rule.Conditions) EmitCondition(condition, ownProcess, misses);
            Emit(Return, rule.Error == 0 ? Allow : Errno | (uint)rule.Error);
            foreach (int miss in misses) _program[miss] = _program[miss] with { No = Distance(miss) };
            open = misses.Count > 0;
            if (!open) break;
        }

        // A number that matched never goes on to the next call: the accumulator may hold an argument by now.
        if (open) Emit(Return, (uint)refusal);
        _program[head] = _program[head] with { No = Distance(head) };
    }

    /// <summary>Falls through when the condition holds; else jumps from the instructions that it adds to <paramref name="misses"/>.</summary>
    private void EmitCondition(ArgumentCondition condition, int ownProcess, List<int> misses)
    {
        int low = Arguments + (condition.Argument * 8);
        if (condition.Comparison == ArgumentComparison.Masked)
        {
            Emit(Load, (uint)low);
            Emit(And, condition.Mask);
            misses.Add(Emit(JumpEqual, (uint)condition.Value));
            return;
        }

        ulong value = condition.Comparison == ArgumentComparison.OwnProcess ? (ulong)ownProcess : condition.Value;
        Emit(Load, (uint)(low + 4));
        misses.Add(Emit(JumpEqual, (uint)(value >> 32)));
        Emit(Load, (uint)low);
        if (condition.Comparison == ArgumentComparison.AtMost)
        {
            // Not greater: over the next instruction, the way out, since no bit is ever in none.
            Emit(JumpGreater, (uint)value, yes: 0, no: 1);
            misses.Add(Emit(JumpAnyBit, 0));
            return;
        }

        misses.Add(Emit(JumpEqual, (uint)value));
    }

    private int Emit(ushort code, uint k, byte yes = 0, byte no = 0)
    {
        _program.Add((code, yes, no, k));
        return _program.Count - 1;
    }

    /// <summary>From an instruction to the one that comes next.</summary>
    private byte Distance(int from) => checked((byte)(_program.Count - from - 1));

    private byte[] ToBytes()
    {
        var bytes = new byte[_program.Count * 8];
        Span<byte> at = bytes;
        foreach ((ushort code, byte yes, byte no, uint k) in _program)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(at, code);
            (at[2], at[3]) = (yes, no);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], k);
            at = at[8..];
        }

        return bytes;
    }

    // SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO.
    private const uint Allow = 0x7fff0000, Errno = 0x00050000;
}
