using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Testing.Scripts;

namespace Enclave.Testing.Workers;

/// <summary>The worker's side of the protocol on a thread of its own. Scripts behave as the test has defined.</summary>
internal sealed class FakeWorker(ScriptBook book, ByteQueue fromHost, ByteQueue toHost, Action kill) : IScriptOutput
{
    private readonly FrameReader _frames = new(ProtocolLimits.MaxFrameBytes);
    private readonly Lock _sending = new();
    private readonly FrameBuffer _out = new();
    private volatile FakeScript? _script;

    public void Start() => new Thread(Loop) { IsBackground = true, Name = "enclave-fake-worker" }.Start();

    public void SendToolCall(ulong jobId, uint callId, string name, byte[] args) =>
        Send((frames) => ToolCallMessage.Write(frames, jobId, callId, Encoding.UTF8.GetBytes(name), args));

    public void SendLine(ulong jobId, ConsoleLevel level, string line) => Send((frames) =>
    {
        ConsoleMessage.Begin(frames, jobId, 1);
        ConsoleMessage.WriteLine(frames, (int)level, Encoding.UTF8.GetBytes(line));
        frames.EndFrame();
    });

    private void Loop()
    {
        try
        {
            while (true)
            {
                Frame frame;
                while (!_frames.TryRead(out frame))
                {
                    int count = fromHost.Read(_frames.FreeSpace().Span);
                    if (count == 0) return;
                    _frames.Advance(count);
                }

                if (frame.Type == FrameType.Shutdown) return;
                Take(frame);
            }
        }
        finally
        {
            _script?.Close();
            fromHost.End();
            toHost.End();
        }
    }

    private void Take(in Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Hello:
                var ready = new ReadyMessage(HelloMessage.Read(frame.Body).Nonce, "fake", Environment.Version.ToString(), []);
                Send(ready.Write);
                break;
            case FrameType.Execute: Begin(ExecuteMessage.Read(frame.Body)); break;
            case FrameType.ToolResult: _script?.Answer(ToolResultMessage.Read(frame.Body)); break;
            case FrameType.Cancel when _script is { } script && script.JobId == CancelMessage.Read(frame.Body).JobId:
                script.Stop(StopReason.Cancelled);
                script.Close();
                break;
            default: break;
        }
    }

    private void Begin(in ExecuteMessage message)
    {
        ScriptRun run = book.Take(message.JobId);
        var script = new FakeScript(
            this, run, message.JobId, message.Limits, PayloadReader.ReadValue(message.Globals.ToArray()), new CancellationTokenSource());
        _script = script;
        // On another thread: this one must receive the tools' answers.
        _ = Task.Run(() => PlayAsync(script));
    }

    private async Task PlayAsync(FakeScript script)
    {
        Action<FrameBuffer> result;
        try
        {
            ScriptSetup setup = book.Find(script.Run)
                ?? throw new ThrownError("Error", $"no behaviour of this script was defined with TestEnclave.When: {Excerpt(script.Run.Code)}");
            byte[] value = ScriptValueCodec.Encode(ScriptValue.From(await setup.Body(script).ConfigureAwait(false)));
            result = (frames) => ResultMessage.Write(frames, script.JobId, RunStatus.Value, value, default);
        }
        catch (CrashException)
        {
            kill();
            return;
        }
        catch (Exception fault)
        {
            // An exception of the test's code is an error of the script.
            byte[] error = Error(fault);
            result = (frames) => ResultMessage.Write(frames, script.JobId, RunStatus.Error, error, default);
        }

        script.Close();
        Send(script.Stopped == StopReason.None ? result : (frames) => ResultMessage.WriteStopped(frames, script.JobId, script.Stopped, 0, default));
    }

    private static byte[] Error(Exception fault)
    {
        (ScriptErrorKind kind, string name) = fault switch
        {
            ToolException tool => (ScriptErrorKind.Tool, tool.Name),
            ThrownError thrown => (ScriptErrorKind.Thrown, thrown.Name),
            _ => (ScriptErrorKind.Thrown, "Error"),
        };
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(8);
        writer.WriteInt64((int)kind);
        writer.WriteString(name);
        writer.WriteString(fault.Message);
        writer.WriteNil();
        writer.WriteNil();
        if ((fault as ToolException)?.Code is { } code) writer.WriteString(code);
        else writer.WriteNil();
        writer.WriteArrayHeader(0);
        writer.WriteArrayHeader(0);
        return buffer.WrittenSpan.ToArray();
    }

    private static string Excerpt(string code) => code.Length <= 100 ? code : code[..100] + "…";

    private void Send(Action<FrameBuffer> write)
    {
        try
        {
            lock (_sending)
            {
                write(_out);
                toHost.Write(_out.Written);
                _out.Clear();
            }
        }
        catch (IOException)
        {
            // The connection has ended.
        }
    }
}
