using System.IO.MemoryMappedFiles;

namespace Enclave.TestHost;

/// <summary>
/// Another user's process with earlier write access to a file: a page that it made dirty through a shared mapping can change later without a new change time,
/// and every process that maps the file sees the change. Prints "dirty", waits for a line, changes a byte in the middle, prints "changed", and waits for
/// the end of its input.
/// </summary>
internal static class Dirty
{
    public static void Run(string path)
    {
        long middle = new FileInfo(path).Length / 2;
        using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.ReadWrite);
        using MemoryMappedViewAccessor view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.ReadWrite);
        byte was = view.ReadByte(middle);
        view.Write(middle, was);
        Console.WriteLine("dirty");
        if (Console.ReadLine() is null) return;
        view.Write(middle, (byte)(was ^ 1));
        Console.WriteLine("changed");
        Console.ReadLine();
    }
}
