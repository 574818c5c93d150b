using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Enclave.Linux;

/// <summary>The system calls behind worker processes.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class Libc
{
    /// <summary>The file's full name: .NET tries eleven names for "libc" first, one of which is a text file for the linker.</summary>
    private const string Name = "libc.so.6";

    public const int CloseOnExec = 0x80000, NonBlocking = 0x800, OpenDirectory = 0x10000;
    public const int DuplicateCloseOnExec = 1030, SetPipeSize = 1031, GetFlags = 3, SetFlags = 4;
    public const int SetSignal = 10, SetLease = 1024, ReadLease = 0, NoLease = 2, SignalUrgent = 23;
    public const short PollIn = 1, PollNotOpen = 32;
    public const int LimitOfFiles = 7;
    public const int ErrorNotPermitted = 1, ErrorNoEntry = 2, ErrorNoProcess = 3, ErrorInterrupted = 4, ErrorAgain = 11, ErrorAccess = 13;
    public const int SignalKill = 9, SignalContinue = 18, SignalStop = 19;
    public const int WaitByPidFd = 3, WaitExited = 4, WaitNoHang = 1;
    public const int ExitedCode = 1, KilledCode = 2, DumpedCode = 3;
    public const int SysPidFdOpen = 434, SysPidFdSendSignal = 424, SysWaitId = 247;

    [LibraryImport(Name, SetLastError = true)]
    public static partial int pipe2(int* fds, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int fcntl(int fd, int command, int argument);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int sigaction(int signal, void* action, void* before);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint signal(int number, nint handler);

    [LibraryImport(Name)]
    public static partial int pthread_sigmask(int how, void* set, void* before);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint read(int fd, byte* buffer, nint count);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint write(int fd, byte* buffer, nint count);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint pread(int fd, byte* buffer, nint count, nint offset);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int poll(PollFd* fds, nuint count, int timeoutMilliseconds);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int epoll_create1(int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int epoll_ctl(int epoll, int operation, int fd, byte* change);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int epoll_wait(int epoll, byte* events, int count, int timeoutMilliseconds);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mode);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int flock(int fd, int operation);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int fsync(int fd);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte* buffer);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int lstat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte* buffer);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int fstat(int fd, byte* buffer);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint readlink([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte* buffer, nint count);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint lgetxattr(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, byte* value, nint count);

    [LibraryImport(Name)]
    public static partial uint geteuid();

    [LibraryImport(Name, SetLastError = true)]
    public static partial int getrlimit(int resource, ulong* limits);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int bind(int fd, byte* address, int length);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int socketpair(int domain, int type, int protocol, int* ends);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int setsockopt(int fd, int level, int option, void* value, int length);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint sendmsg(int fd, Message* message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint recvmsg(int fd, Message* message, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int ioctl(int fd, ulong request, void* argument);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint process_vm_readv(int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport(Name)]
    public static partial int clock_gettime(int clock, TimeSpec* time);

    [LibraryImport(Name)]
    public static partial int nanosleep(TimeSpec* time, TimeSpec* left);

    [LibraryImport(Name)]
    public static partial byte* gnu_get_libc_version();

    [LibraryImport(Name)]
    public static partial int posix_spawn(
        int* pid, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport(Name)]
    public static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Name)]
    public static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Name)]
    public static partial int posix_spawn_file_actions_adddup2(void* actions, int fd, int newFd);

    [LibraryImport(Name)]
    public static partial int posix_spawn_file_actions_addclose(void* actions, int fd);

    [LibraryImport(Name)]
    public static partial int posix_spawn_file_actions_addclosefrom_np(void* actions, int from);

    [LibraryImport(Name)]
    public static partial int posix_spawn_file_actions_addopen(void* actions, int fd, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mode);

    [LibraryImport(Name)]
    public static partial int posix_spawn_file_actions_addchdir_np(void* actions, [MarshalAs(UnmanagedType.LPUTF8Str)] string path);

    [LibraryImport(Name)]
    public static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport(Name)]
    public static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport(Name)]
    public static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(Name)]
    public static partial int posix_spawnattr_setsigdefault(void* attributes, void* set);

    [LibraryImport(Name)]
    public static partial int posix_spawnattr_setsigmask(void* attributes, void* set);

    [LibraryImport(Name)]
    public static partial int sigfillset(void* set);

    [LibraryImport(Name)]
    public static partial int sigemptyset(void* set);

    [LibraryImport(Name)]
    public static partial int sigaddset(void* set, int signal);

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

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public void* Base;
        public nint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public void* Name;
        public int NameLength;
        public IoVector* Parts;
        public nint PartCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }
}
