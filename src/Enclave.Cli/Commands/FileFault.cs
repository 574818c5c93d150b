using Enclave.Limits;

namespace Enclave.Cli.Commands;

/// <summary>Explains why a file cannot be read.</summary>
internal static class FileFault
{
    public static string Of(string file, Exception fault) =>
        Directory.Exists(file) ? $"{file} is a directory, and a file is needed." : OptionFaults.TextOf(fault);
}
