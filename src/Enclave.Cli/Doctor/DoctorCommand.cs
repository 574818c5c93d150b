using System.CommandLine;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Doctor;

internal static class DoctorCommand
{
    public static Command Create(Terminal terminal) => new("doctor", "");
}
