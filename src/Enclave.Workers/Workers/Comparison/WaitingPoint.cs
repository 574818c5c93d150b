using System.Globalization;

namespace Enclave.Workers.Comparison;

/// <summary>Where a worker waits for its next job, as the kernel shows it from outside. It is the same before each job of a worker.</summary>
/// <param name="Call">The content of /proc/PID/syscall: number, six arguments, stack pointer and program counter.</param>
/// <param name="Signals">The signals that are pending, blocked, ignored and caught.</param>
/// <param name="Stack">The SHA-256 of the stack above the stack pointer.</param>
internal sealed record WaitingPoint(string Call, string Signals, string Stack)
{
    /// <summary>The beginning of <see cref="Call"/>: read(2) of the descriptor on which frames arrive.</summary>
    public const string ReadsFrames = "0 0x3 ";

    /// <summary>The place of the stack pointer among the words of <see cref="Call"/>.</summary>
    private const int StackPointer = 7;

    // The place of the signals from pending to caught, behind the name (proc(5), /proc/PID/stat).
    private const int FirstSignals = 28, SignalWords = 4;

    /// <summary>True if a process sleeps in a system call. A process that runs shows a word, one that waits for memory shows a number below zero.</summary>
    public static bool IsInCall(string call) => call is [>= '0' and <= '9', ..];

    /// <summary>The stack pointer of a process in this call; 0 if the kernel's text is not as expected.</summary>
    public static long StackPointerOf(string call) =>
        call.Split(' ') is { Length: > StackPointer } words
            && long.TryParse(words[StackPointer].AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long at) ? at : 0;

    /// <summary>True if the process of this /proc/PID/stat is stopped. The name in parentheses may contain anything.</summary>
    public static bool IsStopped(ReadOnlySpan<byte> stat) => stat[(stat.LastIndexOf((byte)')') + 1)..].StartsWith(" T "u8);

    /// <summary>The signals in the content of /proc/PID/stat.</summary>
    public static string SignalsOf(string stat)
    {
        string[] words = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < FirstSignals + SignalWords ? "" : string.Join(' ', words, FirstSignals, SignalWords);
    }
}
