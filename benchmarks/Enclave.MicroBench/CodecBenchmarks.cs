using System.Buffers;
using BenchmarkDotNet.Attributes;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.MicroBench;

/// <summary>Values and frames: the 200 records of W2 (24 kB as JSON), and a tool call at both ends.</summary>
public class CodecBenchmarks
{
    private readonly ScriptValue _records = ScriptValue.From(Texts.Records);
    private readonly object? _plain = ScriptValue.From(Texts.Records).ToObject();
    private readonly FrameBuffer _frames = new();
    private readonly byte[] _argument = ScriptValueCodec.Encode(
        ScriptValue.From(new Dictionary<string, object?> { ["n"] = 7, ["text"] = new string('x', 80) }));
    private byte[] _encoded = [];
    private byte[] _call = [];

    [GlobalSetup]
    public void SetUp()
    {
        _encoded = ScriptValueCodec.Encode(_records);
        ToolCallMessage.Write(_frames, 1, 1, "echo"u8, _argument);
        _call = _frames.Written.ToArray();
        _frames.Clear();
    }

    [Benchmark]
    public ScriptValue RecordsFromObjects() => ScriptValue.From(_plain);

    [Benchmark]
    public int RecordsWrittenFromObjects()
    {
        _frames.Clear();
        ScriptValueCodec.WriteObject(new MessagePackWriter(_frames), _plain);
        return _frames.Length;
    }

    [Benchmark]
    public int RecordsWritten()
    {
        _frames.Clear();
        _frames.BeginFrame(FrameType.Execute);
        ScriptValueCodec.Write(new MessagePackWriter(_frames), _records);
        _frames.EndFrame();
        return _frames.Length;
    }

    [Benchmark]
    public ScriptValue RecordsRead() => ScriptValueCodec.Decode(new ReadOnlySequence<byte>(_encoded), ValueLimits.Widest);

    [Benchmark]
    public int ToolCallWritten()
    {
        _frames.Clear();
        ToolCallMessage.Write(_frames, 1, 1, "echo"u8, _argument);
        return _frames.Length;
    }

    [Benchmark]
    public int ToolCallFramed()
    {
        var reader = new FrameReader(1 << 20);
        _call.CopyTo(reader.FreeSpace());
        reader.Advance(_call.Length);
        return reader.TryRead(out Frame frame) ? frame.Body.Length : 0;
    }
}
