using System.Text;
using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Keeps the console of a session that is told to nobody.</summary>
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
        // As much as the session's own limit lets it be.
        lock (_stdout) _stdout.Append(line.Chunk);
        return true;
    }
}
