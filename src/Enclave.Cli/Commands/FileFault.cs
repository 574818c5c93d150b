namespace Enclave.Cli.Commands;

/// <summary>Why a file cannot be read, for whoever named it.</summary>
internal static class FileFault
{
    public static string Of(string file, Exception fault) => Directory.Exists(file) ? $"{file} is a directory, and a file is needed." : fault.Message;
}
