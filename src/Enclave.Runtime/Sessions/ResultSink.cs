using System.Text;
using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Collects the console output of a session without a peer.</summary>
internal sealed class ResultSink : IEventSink
{
    private readonly StringBuilder _stdout = new();

    public string Stdout
    {
        get
        {
            lock (_stdout) return _stdout.ToString();
        }
    }

    public bool TrySend(SessionEvent sent)
    {
        if (sent.Payload is not Stdout line) return true;
        // The session's own limit bounds the output.
        lock (_stdout) _stdout.Append(line.Chunk);
        return true;
    }
}
