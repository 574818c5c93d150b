using System.Runtime.Versioning;

namespace Enclave.Linux;

/// <summary>Waits for one descriptor. Signals of the runtime and of other children interrupt <c>poll</c> (signal(7)); they do not end this wait.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class DescriptorWait
{
    /// <summary>True once there is something to read, or the other end is closed; of a pidfd: once the process has ended.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="milliseconds">The longest wait; 0 for none, -1 for any.</param>
    public static bool IsReadable(int descriptor, int milliseconds)
    {
        long end = Environment.TickCount64 + milliseconds;
        var wanted = new Libc.PollFd { Fd = descriptor, Events = Libc.PollIn };
        for (int left = milliseconds; ; left = (int)Math.Max(0, end - Environment.TickCount64))
        {
            int ready = Libc.poll(&wanted, 1, milliseconds < 0 ? -1 : left);
            if (ready >= 0 || System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted) return ready > 0;
        }
    }
}
