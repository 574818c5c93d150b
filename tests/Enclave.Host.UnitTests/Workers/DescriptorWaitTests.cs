using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Host.Tests;

/// <summary>Waits of the host for pipes and processes, on threads that get signals.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class DescriptorWaitTests : IDisposable
{
    /// <summary>Ignored by default; .NET installs a handler when somebody registers for it.</summary>
    private const int WindowChanged = 28;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly AnonymousPipeServerStream _readable = new(PipeDirection.In);
    private readonly AnonymousPipeClientStream _writable;

    public DescriptorWaitTests() => _writable = new AnonymousPipeClientStream(PipeDirection.Out, _readable.ClientSafePipeHandle);

    private int Descriptor => (int)_readable.SafePipeHandle.DangerousGetHandle();

    [Fact]
    public void A_signal_does_not_end_a_wait()
    {
        using var handled = new SemaphoreSlim(0);
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, (_) => handled.Release());
        using var began = new SemaphoreSlim(0);
        int thread = 0;
        bool? came = null;
        var waiter = new Thread(() =>
        {
            thread = gettid();
            began.Release();
            came = DescriptorWait.IsReadable(Descriptor, (int)s_patience.TotalMilliseconds);
        });
        waiter.Start();
        Assert.True(began.Wait(s_patience));

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(0, tgkill(Environment.ProcessId, thread, WindowChanged));
            Assert.True(handled.Wait(s_patience), "the signal's handler was not called");
        }

        Assert.Null(came);
        _writable.WriteByte(1);
        Assert.True(waiter.Join(s_patience));
        Assert.True(came);
    }

    [Fact]
    public void A_wait_ends_after_its_time_and_when_the_other_end_is_closed()
    {
        Assert.False(DescriptorWait.IsReadable(Descriptor, 0));
        Assert.False(DescriptorWait.IsReadable(Descriptor, 10));
        _writable.Dispose();
        Assert.True(DescriptorWait.IsReadable(Descriptor, -1));
    }

    public void Dispose()
    {
        _writable.Dispose();
        _readable.Dispose();
    }

    [LibraryImport("libc.so.6")]
    private static partial int gettid();

    [LibraryImport("libc.so.6")]
    private static partial int tgkill(int process, int thread, int signal);
}
