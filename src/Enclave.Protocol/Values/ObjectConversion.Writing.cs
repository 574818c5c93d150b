using System.Text.Json;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Values;

/// <content>Writes common shapes of data directly, without an intermediate value. Everything else is converted first.</content>
internal sealed partial class ObjectConversion
{
    /// <summary>Writes the value that <see cref="Convert"/> would return.</summary>
    public void Write(MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case string text:
                new ScriptValueWriter(writer).WriteString(text);
                break;
            case int number:
                writer.WriteInt64(number);
                break;
            case double number:
                new ScriptValueWriter(writer).WriteNumber(number);
                break;
            case bool boolean:
                writer.WriteBoolean(boolean);
                break;
            case Dictionary<string, object?> map:
                EnterContainer(map);
                WriteMap(writer, map);
                LeaveContainer();
                break;
            case object?[] or List<object?> or List<Dictionary<string, object?>>:
                EnterContainer(value);
                WriteItems(writer, (System.Collections.IList)value);
                LeaveContainer();
                break;
            case JsonElement element:
                WriteElement(writer, element);
                break;
            case JsonDocument document:
                WriteElement(writer, document.RootElement);
                break;
            default:
                new ScriptValueWriter(writer).Write(Convert(value));
                break;
        }
    }

    private void WriteMap(MessagePackWriter writer, Dictionary<string, object?> map)
    {
        int announced = map.Count, written = 0;
        writer.WriteMapHeader(announced);
        foreach ((string key, object? value) in map)
        {
            _path.Enter(key);
            new ScriptValueWriter(writer).WriteString(key);
            Write(writer, value);
            _path.Leave();
            written++;
        }

        if (written != announced) throw Changed();
    }

    private void WriteItems(MessagePackWriter writer, System.Collections.IList items)
    {
        int announced = items.Count;
        writer.WriteArrayHeader(announced);
        for (int i = 0; i < announced && i < items.Count; i++)
        {
            _path.Enter(i);
            Write(writer, items[i]);
            _path.Leave();
        }

        if (items.Count != announced) throw Changed();
    }

    private InvalidOperationException Changed() => new($"the collection was changed while it was read (at {_path})");
}
