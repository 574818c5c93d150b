using System.Text;
using Enclave.Worker.Pipes;

namespace Enclave.Worker;

/// <summary>Leaving at once, with a line on the log.</summary>
internal static unsafe class Fatal
{
    public static void Leave(ExitCode code, string why)
    {
        byte[] line = Encoding.UTF8.GetBytes($"enclave-worker: {why}\n");
        fixed (byte* at = line) _ = Libc.write(2, at, line.Length);
        Libc._exit((int)code);
    }
}
