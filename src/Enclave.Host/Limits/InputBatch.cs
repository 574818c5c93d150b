using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Values;

namespace Enclave.Limits;

/// <summary>Inputs in encoded form, in their order.</summary>
/// <param name="first">The place of the first, from 0.</param>
internal sealed class InputBatch(long first)
{
    private readonly List<byte[]> _inputs = [];

    /// <summary>The place of the first, from 0.</summary>
    public long First { get; } = first;

    public int Count => _inputs.Count;

    /// <summary>The bytes of all.</summary>
    public int Bytes { get; private set; }

    /// <exception cref="ArgumentException">The input is not data. The message names its place.</exception>
    public void Add(object? input)
    {
        var buffer = new FrameBuffer();
        try
        {
            ScriptValueCodec.WriteObject(new MessagePackWriter(buffer), input);
            _inputs.Add(buffer.Written.ToArray());
            Bytes += buffer.Length;
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"Input {First + Count} is not data: {fault.Message}", nameof(input), fault);
        }
        finally
        {
            buffer.Release();
        }
    }

    /// <summary>The globals of a run for one input.</summary>
    /// <param name="globals">Its other globals, encoded.</param>
    /// <param name="name">The name of the input.</param>
    /// <param name="at">The input.</param>
    public byte[] One(byte[] globals, string name, int at) => Append(globals, name, at, 1, isList: false);

    /// <summary>The globals of a run for some inputs, which are one array.</summary>
    public byte[] Many(byte[] globals, string name, int at, int count) => Append(globals, name, at, count, isList: true);

    private byte[] Append(byte[] globals, string name, int at, int count, bool isList)
    {
        var reader = new MessagePackReader(globals);
        int others = reader.ReadMapHeader();
        var buffer = new FrameBuffer();
        try
        {
            var writer = new MessagePackWriter(buffer);
            writer.WriteMapHeader(others + 1);
            writer.WriteRaw(globals.AsSpan((int)reader.Consumed));
            writer.WriteString(name);
            if (isList) writer.WriteArrayHeader(count);
            foreach (byte[] input in _inputs.GetRange(at, count)) writer.WriteRaw(input);
            return buffer.Written.ToArray();
        }
        finally
        {
            buffer.Release();
        }
    }
}
