using System.Globalization;

namespace Enclave.Journals;

/// <summary>
/// The times at which runs of a folder are due, as empty files <c>HOUR/TIME.ID</c>. The index follows from the rows, and may be older than the rows.
/// </summary>
/// <param name="path">Its folder.</param>
internal sealed class DueIndex(string path)
{
    /// <summary>About 70 minutes.</summary>
    private const int HourBits = 22;

    public string Path => path;

    /// <summary>
    /// Makes a run due at this time, and removes its entries for the time before and for "at once". If the process ends here, a later look removes the rest.
    /// </summary>
    public void Set(string id, DateTimeOffset? time, DateTimeOffset? was)
    {
        string? wanted = FileOf(id, time);
        if (wanted is not null && !File.Exists(wanted)) Create(wanted);
        foreach (string? file in (string?[])[FileOf(id, was), FileOf(id, StoredRun.Always)])
        {
            if (file != wanted && File.Exists(file)) Remove(file);
        }
    }

    public static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process removed the empty folder.
        }
    }

    private string? FileOf(string id, DateTimeOffset? time)
    {
        if (time is null) return null;
        long at = Math.Max(0, time.Value.ToUnixTimeMilliseconds());
        return System.IO.Path.Combine(path, $"{at >> HourBits:x10}", $"{at:x16}.{id}");
    }

    private static void Create(string file)
    {
        while (true)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            try
            {
                File.Create(file).Dispose();
                return;
            }
            catch (DirectoryNotFoundException)
            {
                // Another process removed the empty folder.
            }
        }
    }

    /// <summary>The times, the runs and their files, in the order of times. The folder of an hour is read when the caller reaches it.</summary>
    public IEnumerable<(DateTimeOffset Time, string Id, string File)> InOrder()
    {
        foreach (string hour in Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal))
        {
            bool isEmpty = true;
            foreach (string file in FilesOf(hour))
            {
                isEmpty = false;
                string[] parts = System.IO.Path.GetFileName(file).Split('.');
                if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long time) && time >= 0
                    && time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
                {
                    yield return (DateTimeOffset.FromUnixTimeMilliseconds(time), parts[1], file);
                }
            }

            if (isEmpty) TryRemove(hour);
        }
    }

    private static string[] FilesOf(string hour)
    {
        try
        {
            string[] files = Directory.GetFiles(hour);
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static void TryRemove(string hour)
    {
        try
        {
            Directory.Delete(hour);
        }
        catch (IOException)
        {
            // It is not empty any more, or another process removed it.
        }
    }
}
