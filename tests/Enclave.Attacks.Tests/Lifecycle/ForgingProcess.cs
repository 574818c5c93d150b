using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Workers;

namespace Enclave.Attacks.Tests;

/// <summary>A worker that was taken over: it changes the states with which its runs leave it.</summary>
/// <param name="real">The worker.</param>
/// <param name="forge">Gets the state, and returns what the host gets.</param>
internal sealed class ForgingProcess(IWorkerProcess real, Func<byte[], byte[]> forge) : WrappedProcess(real)
{
    public override IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => base.Connect(maxFrameBytes, new ForgingSink(sink, forge));

    private sealed class ForgingSink(IFrameSink sink, Func<byte[], byte[]> forge) : IFrameSink
    {
        public bool OnFrame(in Frame frame)
        {
            if (frame.Type != FrameType.Parked || ParkedMessage.Read(frame.Body) is not { State.IsEmpty: false } parked) return sink.OnFrame(frame);
            var forged = new FrameBuffer();
            (parked with { State = forge(parked.State.ToArray()) }).Write(forged);
            byte[] body = forged.Written[ProtocolLimits.FrameHeaderBytes..].ToArray();
            forged.Release();
            return sink.OnFrame(new Frame(FrameType.Parked, body));
        }

        public bool OnResumed() => sink.OnResumed();

        public void OnProtocolFault(ProtocolException fault) => sink.OnProtocolFault(fault);

        public void OnOutOfMemory() => sink.OnOutOfMemory();

        public void OnExit(ProcessExit exit, string log) => sink.OnExit(exit, log);
    }
}
