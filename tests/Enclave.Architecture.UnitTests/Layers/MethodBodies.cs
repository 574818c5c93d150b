using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>Reads the tokens in a method's instructions: the members that it calls, creates, casts to and reads.</summary>
internal static class MethodBodies
{
    private static readonly Dictionary<int, OperandType> s_operands = typeof(OpCodes).GetFields()
        .Select((field) => (OpCode)field.GetValue(null)!).ToDictionary((code) => (int)(ushort)code.Value, (code) => code.OperandType);

    public static IEnumerable<EntityHandle> Tokens(byte[] instructions)
    {
        int at = 0;
        while (at < instructions.Length)
        {
            int code = instructions[at++];
            // The first byte of an instruction of two bytes.
            if (code == 0xFE) code = 0xFE00 | instructions[at++];
            OperandType operand = s_operands[code];
            if (IsToken(operand))
            {
                yield return System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(BitConverter.ToInt32(instructions, at));
            }
            at += operand == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(instructions, at)) : Size(operand);
        }
    }

    private static bool IsToken(OperandType operand) =>
        operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig;

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
