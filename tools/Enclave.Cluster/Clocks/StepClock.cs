using System.Globalization;

namespace Enclave.Cluster.Clocks;

/// <summary>The time of day of one process, by libfaketime: the machine's, and so many seconds more or less. Time that only counts on, and with it every timer and wait, is left alone.</summary>
internal sealed class StepClock
{
    /// <summary>Ten years: beyond, certificates and calendars are tested, and no clock.</summary>
    public const int MaxOffset = 315_360_000;

    /// <summary>The library reads the file again when more than one whole second of the clock is between: two at most.</summary>
    private static readonly TimeSpan s_seen = TimeSpan.FromMilliseconds(2100);

    private readonly Lock _gate = new();
    private readonly string _file;
    private long _offset;

    private StepClock(string library, string file)
    {
        _file = file;
        Write();
        Variables = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = file,
            ["FAKETIME_CACHE_DURATION"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            // With the library's own reckoning, waits by the monotonic clock end at once (libfaketime 0.9.10, glibc 2.36).
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
            ["NO_FAKE_STAT"] = "1",
        };
    }

    /// <summary>What the process has in its environment.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Where Debian has the library for programs of several threads; null where it is not installed.</summary>
    public static string? Library { get; } = File.Exists("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1") ? "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1" : null;

    /// <summary>The files in memory by which a process and its children would share their count of calls.</summary>
    private static string[] Left(int pid) => [$"/dev/shm/faketime_shm_{pid}", $"/dev/shm/sem.faketime_sem_{pid}"];

    /// <param name="file">Is written, and read by the process.</param>
    public static StepClock At(string file) => new(Library ?? throw new InvalidOperationException("libfaketime is not installed"), file);

    /// <summary>Moves it, and waits until the process cannot have missed it.</summary>
    /// <returns>By how much it is now off the machine's, in seconds.</returns>
    /// <exception cref="FaultException">It would be more than ten years off.</exception>
    public async Task<long> StepAsync(int seconds)
    {
        long offset;
        lock (_gate)
        {
            if (Math.Abs(_offset + seconds) > MaxOffset) throw FaultException.Wrong($"the clock would be {_offset + seconds} s off; its range is {-MaxOffset} to {MaxOffset}");
            offset = _offset += seconds;
            Write();
        }

        await Task.Delay(s_seen).ConfigureAwait(false);
        return offset;
    }

    /// <summary>Removes what the library leaves in memory when a process is killed.</summary>
    public static void Forget(int pid)
    {
        foreach (string left in Left(pid)) File.Delete(left);
    }

    private void Write()
    {
        // As a whole: half a number is another one.
        string fresh = _file + ".new";
        File.WriteAllText(fresh, _offset.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");
        File.Move(fresh, _file, overwrite: true);
    }
}
