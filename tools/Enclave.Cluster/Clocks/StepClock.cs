using System.Globalization;

namespace Enclave.Cluster.Clocks;

/// <summary>
/// The time of day of one process, shifted by libfaketime by a number of seconds. The monotonic clock, and with it every timer and wait, is not changed.
/// </summary>
internal sealed class StepClock
{
    /// <summary>Ten years: beyond that, tests would cover certificates and calendars instead of clocks.</summary>
    public const int MaxOffset = 315_360_000;

    /// <summary>The library reads the file again when more than one whole second has passed: after at most two.</summary>
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
            // With the library's own correction, waits by the monotonic clock end at once (libfaketime 0.9.10, glibc 2.36).
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
            ["NO_FAKE_STAT"] = "1",
        };
    }

    /// <summary>The environment variables of the process.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Debian's path of the library for programs with several threads; null if it is not installed.</summary>
    public static string? Library { get; } =
        File.Exists("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1") ? "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1" : null;

    /// <summary>The shared memory files with which the library counts calls of a process and its children.</summary>
    private static string[] Left(int pid) => [$"/dev/shm/faketime_shm_{pid}", $"/dev/shm/sem.faketime_sem_{pid}"];

    /// <param name="file">The file that is written here and read by the process.</param>
    public static StepClock At(string file) => new(Library ?? throw new InvalidOperationException("libfaketime is not installed"), file);

    /// <summary>Shifts the clock, and waits until the process has noticed.</summary>
    /// <returns>The offset from the machine's clock in seconds.</returns>
    /// <exception cref="FaultException">The offset would exceed ten years.</exception>
    public async Task<long> StepAsync(int seconds)
    {
        long offset;
        lock (_gate)
        {
            if (Math.Abs(_offset + seconds) > MaxOffset)
                throw FaultException.Wrong($"the clock would be {_offset + seconds} s off; its range is {-MaxOffset} to {MaxOffset}");
            offset = _offset += seconds;
            Write();
        }

        await Task.Delay(s_seen).ConfigureAwait(false);
        return offset;
    }

    /// <summary>Removes the library's shared memory after a process was killed.</summary>
    public static void Forget(int pid)
    {
        foreach (string left in Left(pid)) File.Delete(left);
    }

    private void Write()
    {
        // Written in one step, because the process could read a part of the number.
        string fresh = _file + ".new";
        File.WriteAllText(fresh, _offset.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");
        File.Move(fresh, _file, overwrite: true);
    }
}
