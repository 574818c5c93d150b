using Enclave.Tenants.Admission;
using Enclave.Tenants.Policies;

namespace Enclave.Tenants;

/// <summary>Checks whether a file with policies has changed, and applies the new policies. A malformed file changes nothing, and is logged once.</summary>
/// <remarks>It compares time and length, and does not use events of the file system: some file systems lose them, and a replaced file sends none.</remarks>
internal sealed class PolicyFileWatch : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private readonly string _path;
    private readonly PolicyBook _book;
    private readonly TenantWatch _watch;
    private readonly ITimer _timer;
    private (DateTime Time, long Length) _seen;
    private string? _fault;
    private int _isLooking;

    public PolicyFileWatch(string path, TimeProvider clock, PolicyBook book, TenantWatch watch)
    {
        (_path, _book, _watch) = (path, book, watch);
        // The zero state: the first look reads the file again, which may have changed since it was opened.
        _timer = clock.CreateTimer((_) => Look(), null, s_look, s_look);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0) return;
        try
        {
            var file = new FileInfo(File.ResolveLinkTarget(_path, returnFinalTarget: true)?.FullName ?? _path);
            (DateTime Time, long Length) now = (file.LastWriteTimeUtc, file.Length);
            if (now == _seen) return;
            TenantPolicies policies = PolicyFile.Read(_path);
            (_seen, _fault) = (now, null);
            _book.Replace(policies, _path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (_fault == fault.Message) return;
            _fault = fault.Message;
            _watch.NotRead(_path, fault.Message);
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }
}
