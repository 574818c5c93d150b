using System.Text;

namespace Enclave.Cluster.Children;

/// <summary>The last output of a child, for the message about its end.</summary>
internal sealed class OutputTail
{
    private const int MaxCharacters = 8192;

    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    /// <summary>Reads the output to its end, and keeps the last part.</summary>
    public async Task ReadAsync(StreamReader reader)
    {
        char[] buffer = new char[4096];
        while (true)
        {
            int count = await reader.ReadAsync(buffer).ConfigureAwait(false);
            if (count == 0) return;
            lock (_gate)
            {
                _text.Append(buffer, 0, count);
                if (_text.Length > MaxCharacters) _text.Remove(0, _text.Length - MaxCharacters);
            }
        }
    }

    public override string ToString()
    {
        lock (_gate) return _text.ToString().Trim();
    }
}
