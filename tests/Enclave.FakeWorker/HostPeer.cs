using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Microsoft.Win32.SafeHandles;

namespace Enclave.FakeWorker;

/// <summary>The host at the other end of the pipes. Reading its end means that the host is gone, and so is this process then.</summary>
internal sealed class HostPeer : IDisposable
{
    private readonly Stream _in = new FileStream(new SafeFileHandle(0, ownsHandle: true), FileAccess.Read, bufferSize: 0);
    private readonly Stream _out = new FileStream(new SafeFileHandle(1, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    private readonly FrameReader _frames = new(ProtocolLimits.MaxFrameBytes);

    /// <summary>The hello's nonce, once it was read.</summary>
    public byte[] Nonce { get; private set; } = [];

    /// <summary>The job of the last execute frame.</summary>
    public ulong JobId { get; private set; }

    /// <summary>The source name of the last execute frame.</summary>
    public string SourceName { get; private set; } = "";

    /// <summary>Takes frames until one of this type.</summary>
    public void Await(FrameType type)
    {
        while (Next() != type)
        {
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        _out.Write(bytes);
        _out.Flush();
    }

    public void Send(Action<FrameBuffer> write)
    {
        var frames = new FrameBuffer();
        write(frames);
        Send(frames.Written);
        frames.Release();
    }

    /// <summary>Closes the pipe to the host: descriptor 1 and the copies that the runtime has made of it.</summary>
    public static void CloseOutput()
    {
        string? pipe = new FileInfo("/proc/self/fd/1").LinkTarget;
        foreach (string fd in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            if (new FileInfo(fd).LinkTarget == pipe) _ = Libc.Close(int.Parse(Path.GetFileName(fd)));
        }
    }

    public void Dispose()
    {
        _in.Dispose();
        _out.Dispose();
    }

    private FrameType Next()
    {
        Frame frame;
        while (!_frames.TryRead(out frame))
        {
            int n = _in.Read(_frames.FreeSpace().Span);
            if (n == 0) Environment.Exit(0);
            _frames.Advance(n);
        }

        if (frame.Type == FrameType.Hello) Nonce = HelloMessage.Read(frame.Body).Nonce.ToArray();
        if (frame.Type != FrameType.Execute) return frame.Type;
        ExecuteMessage job = ExecuteMessage.Read(frame.Body);
        (JobId, SourceName) = (job.JobId, Encoding.UTF8.GetString(job.SourceName.Span));
        return frame.Type;
    }
}
