using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Enclave.Linux;

/// <summary>A set of descriptors of which the kernel reports those that are ready (epoll). It can be a member of another set.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class EventPoll
{
    /// <summary>Ready to read; ready to write; reported once, and then not before <see cref="Change"/>.</summary>
    public const uint In = 1, Out = 4, Once = 1u << 30;

    private const int Adding = 1, Deleting = 2, Modifying = 3, MaxEvents = 16;

    /// <summary>epoll_event is packed on x86-64 only.</summary>
    private static readonly int s_dataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>The set itself. Ready to read while a member is ready.</summary>
    /// <exception cref="IOException">The process has no free descriptor.</exception>
    public int Descriptor { get; } = Libc.epoll_create1(Libc.CloseOnExec) is >= 0 and var made ? made
        : throw new IOException($"epoll_create1 failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <param name="descriptor">The member.</param>
    /// <param name="events">The events to report. Errors and the end of the descriptor are always reported.</param>
    /// <param name="tag">Reported with it.</param>
    public void Add(int descriptor, uint events, int tag) => Control(Adding, descriptor, events, tag);

    /// <inheritdoc cref="Add"/>
    public void Change(int descriptor, uint events, int tag) => Control(Modifying, descriptor, events, tag);

    /// <summary>Does nothing if the descriptor is not a member, or closed.</summary>
    public void Remove(int descriptor) => Control(Deleting, descriptor, 0, 0);

    /// <summary>Waits until a member is ready, and writes the tags of such members. Returns how many; 0 after the time or a signal.</summary>
    /// <param name="tags">Room for at most 16.</param>
    /// <param name="milliseconds">The longest wait; 0 for none, -1 for any.</param>
    public int Wait(Span<int> tags, int milliseconds)
    {
        byte* events = stackalloc byte[MaxEvents * 16];
        int count = Libc.epoll_wait(Descriptor, events, Math.Min(tags.Length, MaxEvents), milliseconds);
        for (int i = 0; i < count; i++) tags[i] = *(int*)(events + (i * (s_dataAt + sizeof(long))) + s_dataAt);
        return Math.Max(0, count);
    }

    public void Close() => _ = Libc.close(Descriptor);

    private void Control(int operation, int descriptor, uint events, int tag)
    {
        byte* change = stackalloc byte[16];
        *(uint*)change = events;
        *(int*)(change + s_dataAt) = tag;
        _ = Libc.epoll_ctl(Descriptor, operation, descriptor, change);
    }
}
