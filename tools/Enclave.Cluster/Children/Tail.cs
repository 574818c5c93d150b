using System.Text;

namespace Enclave.Cluster.Children;

/// <summary>The last that a child said, for the sentence that tells why it ended.</summary>
internal sealed class Tail
{
    private const int MaxCharacters = 8192;

    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    /// <summary>Takes what comes until the end, and keeps the last of it.</summary>
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
