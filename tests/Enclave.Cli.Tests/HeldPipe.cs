using System.Runtime.InteropServices;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>Detects whether a tool's background process lives: it holds the writing end of a named pipe.</summary>
internal sealed partial class HeldPipe
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _path;
    private readonly Task<StreamReader> _reader;

    public HeldPipe(TemporaryFolder folder)
    {
        _path = Path.Combine(folder.Path, "held");
        Assert.Equal(0, mkfifo(_path, 0x180));
        // Opening waits for the other end.
        _reader = Task.Run(() => new StreamReader(new FileStream(_path, FileMode.Open, FileAccess.Read)));
    }

    /// <summary>A command whose child holds the pipe, for ten minutes if nobody ends it.</summary>
    public string Command => $"(exec 3>{_path}; echo held >&3; sleep 600) & sleep 600";

    public async Task HeldAsync()
    {
        StreamReader reader = await _reader.WaitAsync(s_patience);
        Assert.Equal("held", await reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(s_patience));
    }

    /// <summary>Completes when no process holds the pipe any more.</summary>
    public async Task ReleasedAsync()
    {
        using StreamReader reader = await _reader;
        Assert.Equal("", await reader.ReadToEndAsync().WaitAsync(s_patience));
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);
}
