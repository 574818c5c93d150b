using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;

namespace Enclave.JavaScript.Tests.RoundTrip;

/// <summary>A tree in both styles of the printer.</summary>
internal static class Printed
{
    public static IEnumerable<(string Style, string Text)> Both(Program program)
    {
        yield return ("readable", Printer.Print(program, PrinterOptions.Readable));
        yield return ("compact", Printer.Print(program, PrinterOptions.Compact));
    }
}
