using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Tests.NpmInterop;
using Enclave.Protocol.Values;
using MessagePack;

namespace Enclave.Protocol.Tests.LibraryInterop;

using Reader = MessagePack.MessagePackReader;
using Writer = MessagePack.MessagePackWriter;

/// <summary>Values by MessagePack for C#, which shares nothing with our codec but the specification.</summary>
internal static class LibraryPeer
{
    /// <summary>False for a value with a date that .NET's <see cref="DateTime"/> does not have, which the library cannot write or read.</summary>
    public static bool Has(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Date => value.AsDateMilliseconds() is var time && time >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(),
        ScriptValueKind.Array => value.Items.All(Has),
        ScriptValueKind.Object => value.Properties.All((property) => Has(property.Value)),
        _ => true,
    };

    public static byte[] Write(ScriptValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new Writer(output);
        Write(ref writer, value);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads one value that takes up all of the bytes.</summary>
    public static ScriptValue Read(byte[] bytes)
    {
        var reader = new Reader(bytes);
        ScriptValue value = Read(ref reader);
        Assert.True(reader.End);
        return value;
    }

    private static void Write(ref Writer writer, ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Undefined: WriteExtension(ref writer, ValueExtension.Undefined, []); break;
            case ScriptValueKind.Null: writer.WriteNil(); break;
            case ScriptValueKind.Boolean: writer.Write(value.AsBoolean()); break;
            case ScriptValueKind.Number when Description.IsInteger(value.AsDouble()): writer.Write((long)value.AsDouble()); break;
            case ScriptValueKind.Number: writer.Write(value.AsDouble()); break;
            case ScriptValueKind.BigInt:
                BigInteger magnitude = BigInteger.Abs(value.AsBigInteger());
                byte[] digits = magnitude.IsZero ? [] : magnitude.ToByteArray(isUnsigned: true);
                WriteExtension(ref writer, ValueExtension.BigInt, [value.AsBigInteger().Sign < 0 ? (byte)1 : (byte)0, .. digits]);
                break;
            case ScriptValueKind.String: WriteText(ref writer, value.AsString()); break;
            case ScriptValueKind.Bytes: writer.Write(value.AsBytes().ToArray()); break;
            case ScriptValueKind.Date: writer.Write(DateTimeOffset.FromUnixTimeMilliseconds(value.AsDateMilliseconds()).UtcDateTime); break;
            case ScriptValueKind.Array:
                writer.WriteArrayHeader(value.Count);
                foreach (ScriptValue item in value.Items) Write(ref writer, item);
                break;
            default:
                writer.WriteMapHeader(value.Count);
                foreach ((string key, ScriptValue property) in value.Properties)
                {
                    WriteText(ref writer, key);
                    Write(ref writer, property);
                }

                break;
        }
    }

    private static void WriteText(ref Writer writer, string text)
    {
        if (Utf16.IsWellFormed(text)) writer.Write(text);
        else WriteExtension(ref writer, ValueExtension.Utf16, MemoryMarshal.AsBytes(text.AsSpan()).ToArray());
    }

    private static void WriteExtension(ref Writer writer, sbyte type, byte[] data) => writer.WriteExtensionFormat(new ExtensionResult(type, data));

    private static ScriptValue Read(ref Reader reader)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil: reader.ReadNil(); return ScriptValue.Null;
            case MessagePackType.Boolean: return ScriptValue.From(reader.ReadBoolean());
            case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64: return Integer(reader.ReadUInt64());
            case MessagePackType.Integer: return Integer(reader.ReadInt64());
            case MessagePackType.Float: return ScriptValue.From(reader.ReadDouble());
            case MessagePackType.String: return ScriptValue.From(reader.ReadString());
            case MessagePackType.Binary: return ScriptValue.From(reader.ReadBytes()!.Value.ToArray());
            case MessagePackType.Extension: return ReadExtension(ref reader);
            case MessagePackType.Array:
                var items = new object?[reader.ReadArrayHeader()];
                for (int i = 0; i < items.Length; i++) items[i] = Read(ref reader);
                return ScriptValue.From(items);
            default:
                var members = new Dictionary<string, object?>();
                int count = reader.ReadMapHeader();
                for (int i = 0; i < count; i++) members[Read(ref reader).AsString()] = Read(ref reader);
                return ScriptValue.From(members);
        }
    }

    private static ScriptValue ReadExtension(ref Reader reader)
    {
        Reader peek = reader.CreatePeekReader();
        if (peek.ReadExtensionFormatHeader().TypeCode == ValueExtension.Timestamp) return ScriptValue.From(new DateTimeOffset(reader.ReadDateTime()));
        ExtensionResult extension = reader.ReadExtensionFormat();
        byte[] data = extension.Data.ToArray();
        return extension.TypeCode switch
        {
            ValueExtension.Undefined => ScriptValue.Undefined,
            ValueExtension.BigInt when data[0] == 1 => ScriptValue.From(-new BigInteger(data.AsSpan(1), isUnsigned: true)),
            ValueExtension.BigInt => ScriptValue.From(new BigInteger(data.AsSpan(1), isUnsigned: true)),
            ValueExtension.Utf16 => ScriptValue.From(new string(MemoryMarshal.Cast<byte, char>(data))),
            _ => throw new InvalidDataException($"extension {extension.TypeCode}"),
        };
    }

    private static ScriptValue Integer(BigInteger value) =>
        BigInteger.Abs(value) <= ProtocolLimits.MaxSafeInteger ? ScriptValue.From((double)value) : ScriptValue.From(value);
}
