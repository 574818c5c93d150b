using System.Runtime.InteropServices;

namespace Enclave.Worker.Pipes;

/// <summary>The system calls of a worker.</summary>
internal static unsafe partial class Libc
{
    public const int PollIn = 1, PollHangUp = 16, PollError = 8;
    public const int ErrorInterrupted = 4;
    public const int ClockMonotonic = 1, ClockThreadCpu = 3;

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(PollFd* fds, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc")]
    public static partial int clock_gettime(int clock, TimeSpec* time);

    [LibraryImport("libc")]
    public static partial nint pthread_self();

    [LibraryImport("libc")]
    public static partial int pthread_getcpuclockid(nint thread, int* clock);

    [LibraryImport("libc")]
    public static partial int timerfd_settime(int fd, int flags, TimerSpec* value, TimerSpec* old);

    [LibraryImport("libc")]
    public static partial void _exit(int code);

    public static long Microseconds(int clock)
    {
        TimeSpec time;
        _ = clock_gettime(clock, &time);
        return (time.Seconds * 1_000_000) + (time.Nanoseconds / 1000);
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimerSpec
    {
        public TimeSpec Interval;
        public TimeSpec Value;
    }
}
